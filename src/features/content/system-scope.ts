import type { Sender } from './compile';

/** What a system message fills in: exactly the fields on its list, ours and those of `data`. */
export function systemScope(
  template: { key: string; fields: readonly string[] },
  sender: Sender,
  data: Readonly<Record<string, string | number>>,
): object {
  const own: Record<string, string> = {
    'sender.name': sender.name,
    'sender.legalName': sender.legalName,
    authority: sender.authority,
  };
  const scope: Record<string, string | Record<string, string>> = {};
  for (const field of template.fields) {
    const value = own[field] ?? data[field];
    // A receipt with a blank where the date should be is worse than an error someone sees.
    if (value === undefined) throw new Error(`System message ${template.key} needs ${field}`);
    const [root = '', property] = field.split('.');
    const outer = scope[root];
    if (property === undefined) scope[root] = String(value);
    else scope[root] = { ...(typeof outer === 'object' ? outer : {}), [property]: String(value) };
  }
  return scope;
}
