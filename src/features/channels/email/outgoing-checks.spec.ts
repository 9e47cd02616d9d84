import fc from 'fast-check';
import {
  isOneClickUrl,
  isOptOutMail,
  isPlainAddress,
  isSafeInHeader,
  MAX_UNSUBSCRIBE_URL,
} from './outgoing-checks';

describe('what may stand in a mail', () => {
  it.each([
    'a@example.com',
    'a+b@example.com',
    "o'neil@sub.example.com",
    'x@xn--rksmrgs-5wao1o.example',
  ])('F-17 takes %s for an address', (address) => expect(isPlainAddress(address)).toBe(true));

  it.each([
    '"a@evil.example x"@example.com',
    'a@evil.example@example.com',
    'a(comment)@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'a\u0000@example.com',
    'a <a@example.com>',
    'a@example.com,b@example.com',
    '<script>@example.com',
    'å@example.com',
    'a@exämple.com',
    'a@',
    '@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(260)}.example`,
  ])('does not take %j for an address', (address) => expect(isPlainAddress(address)).toBe(false));

  it.each(['\r', '\n', '\r\nBcc: x', '\u0000', '\u0085', '\u2028', '\u2029', '\u007f'])(
    'lets no line end into a header: %j',
    (text) => expect(isSafeInHeader(`Hej${text}`)).toBe(false),
  );

  it('lets ordinary text into a header', () => {
    expect(isSafeInHeader('Åtta nya kurser – “läs mer” 🎓')).toBe(true);
  });

  it('P-05 allows an opt-out URL of at most 100 ASCII characters over https', () => {
    const host = 'https://post.example/u/';
    const longest = host + 'T'.repeat(MAX_UNSUBSCRIBE_URL - host.length);
    expect(isOneClickUrl(longest)).toBe(true);
    expect(isOneClickUrl(longest + 'T')).toBe(false);
    expect(isOneClickUrl('http://post.example/u/T')).toBe(false);
    expect(isOneClickUrl('https://höst.example/u/T')).toBe(false);
    expect(isOneClickUrl('https://post.example/u/a b')).toBe(false);
    expect(isOneClickUrl('https://post.example/u/>,<mailto:x@example.com')).toBe(false);
    expect(isOneClickUrl('javascript:alert(1)')).toBe(false);
    expect(isOneClickUrl('http://localhost:3000/u/T')).toBe(true);
    expect(isOneClickUrl('http://localhost.evil.example/u/T')).toBe(false);
  });

  it('P-02 allows a mailto: that is nothing but our mailbox and a subject', () => {
    expect(isOptOutMail('mailto:avsluta@svar.example?subject=avsluta%20AbC-_9')).toBe(true);
    expect(isOptOutMail('mailto:avsluta@svar.example')).toBe(false);
    expect(isOptOutMail('mailto:a@b.example,c@d.example?subject=x')).toBe(false);
    expect(isOptOutMail('mailto:a@b.example?subject=x&bcc=c@d.example')).toBe(false);
    expect(isOptOutMail('mailto:a@b.example?subject=x>, <https://evil.example')).toBe(false);
    expect(isOptOutMail('mailto:a@b.example?subject=x\r\nBcc: y')).toBe(false);
    expect(isOptOutMail(`mailto:a@b.example?subject=${'x'.repeat(200)}`)).toBe(false);
  });

  it('never lets an address through that holds white space or a second @', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        if (isPlainAddress(text)) expect(text).toMatch(/^[^\s@<>"(),:;[\]\\]+@[A-Za-z0-9.-]+$/);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z@ <>"\r\n.]{0,20}$/), (text) => {
        if (isPlainAddress(text)) expect(text.split('@')).toHaveLength(2);
      }),
    );
  });
});
