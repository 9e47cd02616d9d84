import ts from 'typescript';
import { find, lineOf, sourceOf, sourcesBelow, type Source } from './source';

const VERBS = ['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'All', 'Search', 'Sse'];
const ACCESS = ['Public', 'Permit', 'LearnerOnly'];

interface Route {
  readonly at: string;
  readonly access: string[];
}

/** Every route of a file with what its method and its class say about access. */
function routesOf(source: Source): Route[] {
  return find(source, ts.isClassDeclaration).flatMap((owner) =>
    owner.members
      .filter(ts.isMethodDeclaration)
      .filter((method) => decorators(method).some((name) => VERBS.includes(name)))
      .map((method) => ({
        at: `${lineOf(source, method.name)} ${method.name.getText()}`,
        access: [...decorators(owner), ...decorators(method)].filter((n) => ACCESS.includes(n)),
      })),
  );
}

function decorators(node: ts.HasDecorators): string[] {
  return (ts.getDecorators(node) ?? []).map(({ expression }) =>
    ts.isCallExpression(expression) ? expression.expression.getText() : expression.getText(),
  );
}

describe('every route', () => {
  const sources = sourcesBelow('src');
  const routes = sources.flatMap(routesOf);

  it('says who may call it: exactly one of @Public, @Permit and @LearnerOnly', () => {
    expect(routes.filter(({ access }) => access.length !== 1)).toEqual([]);
    expect(routes.length).toBeGreaterThan(0);
  });

  it('stands in a controller file', () => {
    const elsewhere = sources
      .filter(({ path }) => !/\.controller\.tsx?$/.test(path))
      .flatMap(routesOf);
    expect(elsewhere).toEqual([]);
  });

  it('would be caught saying nothing, or two things', () => {
    const text = `
      @Controller('x')
      class X {
        @Get() nothing() {}
        @Public() @Permit('a') @Post() both() {}
        @Permit('a') @Post('one') one() {}
      }
      @Public() @Controller()
      class Y {
        @Get() one() {}
        @Permit('a') @Get() two() {}
      }`;
    expect(routesOf(sourceOf('src/x.controller.ts', text)).map(({ access }) => access)).toEqual([
      [],
      ['Public', 'Permit'],
      ['Permit'],
      ['Public'],
      ['Public', 'Permit'],
    ]);
  });

  it('has a controller and answers whose names no other class has: the API document would make one of two', () => {
    const names = sources
      .filter(({ path }) => /\.(?:dto|controller)\.tsx?$/.test(path))
      .flatMap((source) => find(source, ts.isClassDeclaration).map(({ name }) => name?.text))
      // A query is told field by field.
      .filter((name) => !name?.endsWith('Query'));
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  });
});
