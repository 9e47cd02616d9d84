import { routeOf } from './logging.module';

const ID = '01890000-0000-7000-8000-000000000001';

describe('a path in the log', () => {
  it.each([
    ['a token', { token: 'Jbfp28p9mglqX3n_D8LCtw' }, {}],
    ["another system's id", { externalId: 'anna@example.com' }, {}],
    ['an id of ours', { id: ID }, { ids: [ID] }],
    ['several', { id: ID, token: 'Jbfp28p9mglqX3n_D8LCtw' }, { ids: [ID] }],
  ])('with %s in it is its route, and no more than our own ids', (_, params, ids) => {
    expect(routeOf({ route: { path: '/u/:token' }, params })).toEqual({
      route: '/u/:token',
      ...ids,
    });
  });

  it('is nothing when it leads nowhere', () => {
    expect(routeOf({ params: { path: 'anna@example.com' } })).toEqual({});
    expect(routeOf({ route: { path: '/{*path}' }, params: { path: ['anna'] } })).toEqual({});
  });
});
