import { isSignedByTwilio } from './twilio-signature';

const TOKEN = '12345';
const URL_TOLD = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const FORM = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
};
const SIGNATURE = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';

describe("P-50: Twilio's signature", () => {
  it('is right for its own example', () =>
    expect(isSignedByTwilio(TOKEN, SIGNATURE, URL_TOLD, FORM)).toBe(true));

  it.each<[string, Parameters<typeof isSignedByTwilio>]>([
    ['another token', ['12346', SIGNATURE, URL_TOLD, FORM]],
    ['another address', [TOKEN, SIGNATURE, 'https://mycompany.com/myapp.php?foo=1&bar=3', FORM]],
    ['another parameter', [TOKEN, SIGNATURE, URL_TOLD, { ...FORM, Digits: '1235' }]],
    ['a parameter more', [TOKEN, SIGNATURE, URL_TOLD, { ...FORM, More: '1' }]],
    ['no signature', [TOKEN, undefined, URL_TOLD, FORM]],
    ['an empty one', [TOKEN, '', URL_TOLD, FORM]],
  ])('is wrong with %s', (_, call) => expect(isSignedByTwilio(...call)).toBe(false));
});
