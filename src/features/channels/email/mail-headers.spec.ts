import type { EmailContent, EmailRecipient } from './email-channel';
import { contentHeaders, formatAddress, optOutHeaders } from './mail-headers';

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
