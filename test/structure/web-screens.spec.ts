import ts from 'typescript';
import { OPENINGS } from '../web/openings';
import { SCREENS } from '../web/screens';
import { find, sourcesBelow, type Source } from './source';

const ROUTES = 'src/web/routes.tsx';
/** What opens over a screen, and our own parts that do. */
const OPENS = [
  'Modal',
  'Dialog',
  'Drawer',
  'Menu.Dropdown',
  'Popover',
  'ConfirmButton',
  'FormDialog',
];
/** Parts that others put their words into: looked at where they are used. */
const PARTS = [
  'src/web/parts/dialog.tsx',
  'src/web/parts/confirm-button.tsx',
  'src/web/screens/settings/form-dialog.tsx',
];

const textOf = (object: ts.ObjectLiteralExpression, name: string): string | undefined => {
  const property = object.properties.find((one) => one.name?.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer.getText() : undefined;
};

/** Paths of all screens in the order of the file; children stand below the route that names their list. */
function routesOf(source: Source): string[] {
  const lists = new Map(
    find(source, ts.isVariableDeclaration).map((one) => [one.name.getText(), one.initializer]),
  );
  const below = (list: ts.Node | undefined, above: string): string[] => {
    if (!list || !ts.isArrayLiteralExpression(list)) return [];
    return list.elements.filter(ts.isObjectLiteralExpression).flatMap((route) => {
      const path = textOf(route, 'path')?.slice(1, -1) ?? '';
      const full = [above, path].filter(Boolean).join('/');
      return [full, ...below(lists.get(textOf(route, 'children') ?? ''), full)];
    });
  };
  return [...below(lists.get('screens'), ''), '*'];
}

describe('the screens of the web app', () => {
  const web = sourcesBelow('src/web');

  it('are all looked at in test/web/screens.ts', () => {
    const routes = routesOf(web.find(({ path }) => path === ROUTES)!);
    expect(routes).toContain('installningar/formular/:id');
    expect([...new Set(SCREENS.map(({ route }) => route))].sort()).toEqual(routes.sort());
  });

  it('have every dialog, drawer and menu opened in test/web/openings.ts', () => {
    const opening = web.filter(
      (source) =>
        !PARTS.includes(source.path) &&
        find(source, ts.isJsxOpeningElement).some(({ tagName }) =>
          OPENS.includes(tagName.getText()),
        ),
    );
    const looked = new Set(OPENINGS.map(({ file }) => `src/web/${file}.tsx`));
    expect(opening.map(({ path }) => path).filter((path) => !looked.has(path))).toEqual([]);
    const paths = web.map(({ path }) => path);
    expect([...looked].filter((path) => !paths.includes(path))).toEqual([]);
  });
});
