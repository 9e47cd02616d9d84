import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { asProblem } from '../../api/problem';
import { useFaultText } from './fault-text';

/** Sends a form: what is wrong with a field stands at the field, and what was fetched is fetched anew. */
export function useSaving<Values extends object, Saved>(
  form: UseFormReturnType<Values>,
  save: (values: Values) => Promise<Saved>,
  after: { changes: QueryKey; message?: string; done?: (saved: Saved) => void },
) {
  const queries = useQueryClient();
  const words = useFaultText();
  const saving = useMutation({
    mutationFn: save,
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: after.changes });
      if (after.message) notifications.show({ message: after.message });
      after.done?.(saved);
    },
    onError: (error) => {
      // A list's item is shown at the list.
      const faults = asProblem(error).faults.map((fault) => ({
        ...fault,
        path: fault.path.split('.')[0]!,
      }));
      form.setErrors(Object.fromEntries(faults.map((fault) => [fault.path, words(fault)])));
    },
  });
  const known = Object.keys(form.getValues());
  const faults = saving.isError ? asProblem(saving.error).faults : [];
  const atFields =
    faults.length > 0 && faults.every(({ path }) => known.includes(path.split('.')[0]!));
  return {
    send: (values: Values) => saving.mutate(values),
    busy: saving.isPending,
    /** What no field can say. */
    error: saving.isError && !atFields ? saving.error : null,
    reset: saving.reset,
  };
}
