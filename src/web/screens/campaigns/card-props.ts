import type { FieldFault } from '../../api/problem';
import type { Draft } from './use-draft';

export interface CardProps {
  draft: Draft;
  /** What is missing here; undefined while it is not known. */
  faults: readonly FieldFault[] | undefined;
  /** What the last save refused, by field. */
  errors: Record<string, string>;
}
