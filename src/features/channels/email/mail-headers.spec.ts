import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import type { EmailContent, EmailRecipient } from './email-channel';
import { contentHeaders, encodeText, formatAddress, optOutHeaders } from './mail-headers';

const content: EmailContent = {
  htmlPieces: [''],
  textPieces: [''],
  nonce: 'abcd12',
  from: { email: 'nyhetsbrev@larkraft.example', name: 'Lärkraft' },
  replyTo: { email: 'kundtjanst@larkraft.example', name: '' },
  listId: 'Köptips <koptips.larkraft.example>',
  kind: 'marketing',
  campaignId: 'c-1',
};
const recipient: EmailRecipient = {
  messageId: 'm-1',
  to: 'asa@example.com',
  subject: 'Hej',
  htmlHoles: [],
  textHoles: [],
  unsubscribeUrl: 'https://post.example/u/T',
};

describe('the headers of a mail', () => {
  it('P-15 names the list, in words that every program can read', () => {
    expect(contentHeaders(content)).toEqual([
      ['List-Id', '=?UTF-8?Q?K=C3=B6ptips?= <koptips.larkraft.example>'],
      ['Precedence', 'bulk'],
      ['Feedback-ID', 'c-1:koptips.larkraft.example:marketing:utskick'],
    ]);
    expect(contentHeaders({ ...content, listId: 'koptips.larkraft.example' })[0]).toEqual([
      'List-Id',
      '<koptips.larkraft.example>',
    ]);
  });

  it('P-01 P-02 has the opt-out pair for marketing, with the URL alone', () => {
    expect(optOutHeaders(content, recipient)).toEqual([
      ['List-Unsubscribe', '<https://post.example/u/T>'],
      ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ]);
  });

  it('P-02 names the mailbox that we read after the URL, and never alone', () => {
    const unsubscribeMail = 'mailto:avsluta@svar.example?subject=avsluta%20T';
    expect(optOutHeaders(content, { ...recipient, unsubscribeMail })[0]).toEqual([
      'List-Unsubscribe',
      `<https://post.example/u/T>, <${unsubscribeMail}>`,
    ]);
    const { unsubscribeUrl: _, ...noUrl } = recipient;
    expect(optOutHeaders(content, { ...noUrl, unsubscribeMail })).toEqual([]);
  });

  it('P-15 says of service mail only that it is automatic', () => {
    const service: EmailContent = { ...content, kind: 'service' };
    expect(contentHeaders(service)).toEqual([['Auto-Submitted', 'auto-generated']]);
    expect(optOutHeaders(service, recipient)).toEqual([]);
  });

  it.each([
    ['', 'a@example.com'],
    ['Ek', '"Ek" <a@example.com>'],
    ['Ek, Bo "B" \\', '"Ek, Bo \\"B\\" \\\\" <a@example.com>'],
    ['Åsa', '=?UTF-8?Q?=C3=85sa?= <a@example.com>'],
    ['a@evil.example', '"a@evil.example" <a@example.com>'],
  ])('writes the name %j so that it stays a name', (name, expected) => {
    expect(formatAddress({ email: 'a@example.com', name })).toBe(expected);
  });
});

describe('text in a header', () => {
  it.each([
    ['Höstens kurser', '=?UTF-8?Q?H=C3=B6stens_kurser?='],
    ['Autumn courses, 2 = 1 + 1?', 'Autumn courses, 2 = 1 + 1?'],
    ['=?UTF-8?Q?hej?=', '=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fhej=3F=3D?='],
    ['', ''],
  ])('%j is written %j', (text, written) => {
    expect(encodeText(text)).toBe(written);
  });

  it('is read by others as it was, in words of whole characters and lawful length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (random) => {
        // What a header cannot hold is refused elsewhere, and outer space is not the text's.
        const text = random.replace(/\p{Cc}/gu, '').trim();
        const written = encodeText(text);
        expect(written).toMatch(/^[\x20-\x7e]*$/);
        const { subject } = await simpleParser(`Subject: ${written}\r\n\r\n`);
        expect(subject ?? '').toBe(text);
        if (written === text) return;
        for (const word of written.split(' ')) {
          expect(word).toMatch(/^=\?UTF-8\?Q\?[!*+/\-=\w]{1,63}\?=$/);
          const bytes = word.slice(10, -2).replace(/_/g, ' ').replace(/=(..)/g, '%$1');
          expect(() => decodeURIComponent(bytes)).not.toThrow();
        }
      }),
      { numRuns: 500 },
    );
  });
});
