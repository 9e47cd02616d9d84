import type { AskableField } from './fields';
import type { DraftRule } from './rows';

export interface ValueProps {
  field: AskableField;
  rule: DraftRule;
  /** What is wrong with the part of that name, in words. */
  error: (name: string) => string | undefined;
  onChange: (rule: DraftRule) => void;
  /** The segment that is being written, if it is saved. */
  own: string | null;
}
