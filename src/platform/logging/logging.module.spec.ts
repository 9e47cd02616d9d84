import { pathWithoutTokens } from './logging.module';

describe('paths in the log', () => {
  it.each([
    ['/u/Jbfp28p9mglqX3n_D8LCtw', '/u/:token'],
    ['/u/Jbfp28p9mglqX3n_D8LCtw/?utm=x', '/u/:token/'],
    ['/preferences/Jbfp28p9mglqX3n_D8LCtw/keep', '/preferences/:token/keep'],
    ['/confirm/abc?lang=en', '/confirm/:token'],
    ['/avsluta?address=anna@example.com', '/avsluta'],
    ['/api/v1/campaigns?after=1', '/api/v1/campaigns'],
    ['/webhooks/sendgrid/inbound/secret', '/webhooks/sendgrid/inbound/:secret'],
  ])('%s is logged as %s', (url, path) => {
    expect(pathWithoutTokens(url)).toBe(path);
  });
});
