export type ViolationKind =
  | 'lost'
  | 'duplicated'
  | 'after_opt_out'
  | 'false_state'
  | 'missing_opt_out'
  | 'unexplained_unknown'
  | 'unresolved_unknown'
  | 'event_order'
  | 'event_repeated'
  | 'deadlock';

export interface Violation {
  kind: ViolationKind;
  text: string;
}

export const violation = (kind: ViolationKind, text: string): Violation => ({ kind, text });
