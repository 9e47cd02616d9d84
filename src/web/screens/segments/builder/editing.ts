import type { FieldFault } from '../../../api/problem';
import { useFocusOn } from '../../content/editor/focus-on';
import { type Askable, blankRule } from './fields';
import { type GroupRow, groupRow, moved, replaced, type Row, ruleRow } from './rows';

/** What can be done to the rows of a question. */
export interface Editing {
  askable: Askable;
  faults: readonly FieldFault[];
  /** The segment that is being written, if it is saved. */
  own: string | null;
  put: (row: Row) => void;
  remove: (key: string) => void;
  move: (key: string, by: 1 | -1) => void;
  addRule: (to: GroupRow) => void;
  addGroup: (to: GroupRow) => void;
}

/** What most questions begin with. */
const FIRST = 'city';

export function useEditing(
  root: GroupRow,
  change: (root: GroupRow) => void,
  also: Pick<Editing, 'askable' | 'faults' | 'own'>,
): Editing {
  const focusOn = useFocusOn();
  const put = (row: Row) =>
    change(row.key === root.key ? (row as GroupRow) : replaced(root, row.key, row));
  const blank = () => {
    const field = also.askable.find(FIRST)!;
    return ruleRow(blankRule(field, field.operators[0]!));
  };
  const add = (to: GroupRow, row: Row, focus: Row) => {
    put({ ...to, rows: [...to.rows, row] });
    focusOn(`#${focus.key}-field`);
  };
  return {
    ...also,
    put,
    remove: (key) => {
      change(replaced(root, key, null));
      focusOn(`#${root.key}-match`);
    },
    move: (key, by) => {
      change(moved(root, key, by));
      focusOn(`#${key}-${by < 0 ? 'up' : 'down'}`);
    },
    addRule: (to) => {
      const row = blank();
      add(to, row, row);
    },
    addGroup: (to) => {
      const row = blank();
      add(to, groupRow('any', [row]), row);
    },
  };
}
