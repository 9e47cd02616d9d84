import ts from 'typescript';
import { find, isSpec, lineOf, sourceOf, sourcesBelow, type Source } from './source';

const LISTS = 'src/features/channels/email/sendgrid/sendgrid-lists.ts';

/** Every text of a file in which `pattern` stands. */
function textsWith(source: Source, pattern: RegExp): string[] {
  return find(source, isText)
    .filter((node) => pattern.test(node.getText(source.tree)))
    .map((node) => lineOf(source, node));
}

/** A method of HTTP by which something could be taken away at a provider. */
const TAKES_AWAY = /^['"`](DELETE|PUT|PATCH)['"`]$/;
const A_LIST = /\/(suppression|asm)\//;
const PAST_A_LIST = /bypass_|bypass[A-Z]/;

describe("the provider's lists", () => {
  const sources = sourcesBelow('src').filter((source) => !isSpec(source));
  const channels = sources.filter(({ path }) => path.startsWith('src/features/channels/'));

  it('P-34 are asked by one file, which only reads and adds', () => {
    const users = sources.filter((source) => textsWith(source, A_LIST).length > 0);
    expect(users.map(({ path }) => path)).toEqual([LISTS]);
    const methods = find(users[0]!, ts.isMethodDeclaration).map(({ name }) => name.getText());
    expect(methods).toEqual(['block', 'page', 'onModuleDestroy', 'ask']);
  });

  it('P-34 lose nobody by us: no request to a provider can be anything but GET and POST', () => {
    expect(channels.flatMap((source) => textsWith(source, TAKES_AWAY))).toEqual([]);
    const gated = channels.find(({ path }) => path.endsWith('/gated-https.ts'))!;
    const methods = find(gated, ts.isPropertySignature)
      .filter(({ name }) => name.getText() === 'method')
      .map(({ type }) => type?.getText());
    expect(methods).toEqual(["'GET' | 'POST'"]);
  });

  it('P-34 are never passed by', () => {
    expect(sources.flatMap((source) => textsWith(source, PAST_A_LIST))).toEqual([]);
  });

  it('would be seen passed by or cut short', () => {
    const source = sourceOf(
      'src/features/channels/x.ts',
      `const a = 'DELETE';
       const b = 'https://api.sendgrid.com/v3/suppression/bounces';
       const c = { 'bypass_list_management': 1 };
       const d = 'DELETE FROM x';`,
    );
    const lines = [TAKES_AWAY, A_LIST, PAST_A_LIST].map((pattern) => textsWith(source, pattern));
    expect(lines.map((found) => found.map((at) => at.split(':')[1]))).toEqual([
      ['1'],
      ['2'],
      ['3'],
    ]);
  });
});

function isText(node: ts.Node): node is ts.StringLiteral | ts.TemplateLiteral {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateExpression(node)
  );
}
