import { useTranslation } from 'react-i18next';
import type { FieldFault } from '../../../api/problem';

const TREE = 'tree.';

/** The faults at a place of the tree and within it, by where they are from there; of the place itself, ''. */
export function faultsAt(faults: readonly FieldFault[], path: string): FieldFault[] {
  const place = TREE + path;
  return faults.flatMap((fault) => {
    if (fault.path === place) return [{ ...fault, path: '' }];
    return fault.path.startsWith(`${place}.`)
      ? [{ ...fault, path: fault.path.slice(place.length + 1) }]
      : [];
  });
}

/** What is wrong, in words of ours where there are some. */
export function useFaultText(): (fault: FieldFault) => string {
  const { t, i18n } = useTranslation('segments');
  return ({ code, message }) =>
    i18n.exists(`fault.${code}`, { ns: 'segments' }) ? t(`fault.${code}`) : message;
}
