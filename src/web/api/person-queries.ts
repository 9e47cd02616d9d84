import { useQueryClient } from '@tanstack/react-query';

type Part = 'contact' | 'standing' | 'learning' | 'timeline';

export const personKey = (id: string, part: Part, ...more: string[]) =>
  ['person', id, part, ...more] as const;

/** To be called when something about a person was changed: what is shown of them, and the lists they stand in. */
export function useRefreshPerson(): (id?: string | null) => Promise<void> {
  const queries = useQueryClient();
  return async (id) => {
    await queries.invalidateQueries({ queryKey: id ? ['person', id] : ['person'] });
    await queries.invalidateQueries({ queryKey: ['people'] });
  };
}
