import { meaningOfMail, ownWords, tokensOf, whyAutomatic, withoutTokens } from './inbound-mail';

const TOKEN = 'AbCdEfGhIj-_1234567890';
const headers = (lines: Record<string, string>) =>
  new Map(Object.entries(lines).map(([name, value]) => [name, [value]]));

describe('P-14 F-70: what no person wrote', () => {
  const person = { headers: headers({}), returnPath: 'asa@example.com', from: 'asa@example.com' };

  it.each([
    ['auto_submitted', { headers: headers({ 'auto-submitted': 'auto-replied' }) }],
    ['auto_submitted', { headers: headers({ 'auto-submitted': 'auto-generated; x=y' }) }],
    ['empty_return_path', { returnPath: '' }],
    ['empty_return_path', { returnPath: '<>' }],
    ['empty_return_path', { returnPath: null, headers: headers({ 'return-path': '<>' }) }],
    ['precedence', { headers: headers({ precedence: 'Bulk' }) }],
    ['precedence', { headers: headers({ precedence: 'auto_reply' }) }],
    ['precedence', { headers: headers({ precedence: 'junk' }) }],
    ['mail_system', { from: 'MAILER-DAEMON@mx.example.com' }],
    ['mail_system', { from: 'Postmaster@example.com' }],
    ['auto_reply', { headers: headers({ 'x-autoreply': 'yes' }) }],
    ['auto_reply', { headers: headers({ 'x-auto-response-suppress': 'All' }) }],
    [
      'report',
      { headers: headers({ 'content-type': 'multipart/report; report-type=delivery-status' }) },
    ],
  ])('%s: %j', (why, traits) => expect(whyAutomatic({ ...person, ...traits })).toBe(why));

  it.each([
    [{}],
    [{ returnPath: null }],
    [{ headers: headers({ 'auto-submitted': 'no' }) }],
    [{ headers: headers({ precedence: 'first-class' }) }],
    [{ headers: headers({ 'x-auto-response-suppress': 'DR, RN' }) }],
    [{ from: 'postmastersson@example.com' }],
  ])('a person: %j', (traits) => expect(whyAutomatic({ ...person, ...traits })).toBeNull());
});

describe('P-14: whom a mail is about', () => {
  it.each([
    [[`avsluta+${TOKEN}@svar.example`], 'Hej'],
    [['x@svar.example', `"Avsluta" <avsluta+${TOKEN}@svar.example>`], ''],
    [['avsluta@svar.example'], `avsluta ${TOKEN}`],
    [['avsluta@svar.example'], `  Avsluta   ${TOKEN} `],
    [['avsluta@svar.example'], `SV: Re: avsluta ${TOKEN}`],
  ])('is said by %j %j', (recipients, subject) =>
    expect(tokensOf(recipients, subject)).toEqual([TOKEN]),
  );

  it.each([
    [['avsluta@svar.example'], 'avsluta'],
    [['a+b@example.com'], 'avsluta'],
    [['avsluta@svar.example'], `Fwd: avsluta ${TOKEN}`],
    [['avsluta@svar.example'], `avsluta ${TOKEN} nu`],
    [[`avsluta+${TOKEN}x@svar.example`], ''],
  ])('is not said by %j %j', (recipients, subject) =>
    expect(tokensOf(recipients, subject)).toEqual([]),
  );

  const OTHER = 'B'.repeat(22);
  it('is asked of the subject first, and of all addresses', () => {
    const recipients = [
      `kund+${OTHER}@crm.example`,
      `avsluta+${OTHER}@svar.example, x+${TOKEN}@svar.example`,
    ];
    expect(tokensOf(recipients, `avsluta ${TOKEN}`)).toEqual([TOKEN, OTHER]);
    expect(tokensOf(recipients, 'Hej')).toEqual([OTHER, TOKEN]);
  });

  it('is asked of addresses of our own host only, where there is one, and of no endless row', () => {
    const recipients = [`kund+${OTHER}@crm.example`, `avsluta+${TOKEN}@Svar.Example`];
    expect(tokensOf(recipients, '', 'svar.example')).toEqual([TOKEN]);
    const many = Array.from(
      { length: 50 },
      (_, n) => `a+${String(n).padStart(22, '0')}@svar.example`,
    );
    expect(tokensOf(many, `avsluta ${TOKEN}`)).toHaveLength(10);
  });
});

describe('P-14: what somebody means who writes a mail', () => {
  it.each([
    [`avsluta ${TOKEN}`, ''],
    ['Avsluta', ''],
    ['UNSUBSCRIBE', 'Apple Mail sent this email to unsubscribe from the message.'],
    ['Re: Höstens kurser', 'Avsluta'],
    ['Re: Höstens kurser', '\n\n  STOPP!\n\nMvh\nÅsa'],
    [
      'Re: Höstens kurser',
      'avregistrera mig\n\nDen 3 mars 2026 skrev Lärkraft <n@l.example>:\n> Hej',
    ],
    ['Höstens kurser', '> Välkommen!\n> Avsluta prenumeration: x\n\nStoppa'],
  ])('a no: %j %j', (subject, text) => expect(meaningOfMail(subject, text)).toBe('stop'));

  it.each([
    ['Re: Sluta leta', 'Tack för ett bra brev!'],
    ['Fwd: Höstens kurser', 'Avsluta'],
    ['VB: avsluta', ''],
    ['Höstens kurser', '> Avsluta prenumeration'],
    ['Höstens kurser', '-----Ursprungligt meddelande-----\nAvsluta'],
    ['Höstens kurser', 'Från: Lärkraft\nÄmne: Avsluta'],
    ['Höstens kurser', 'Begin forwarded message:\n\nAvsluta'],
    ['Höstens kurser', 'Den 3 mars 2026 skrev Lärkraft <n@l.example>:\n\nAvsluta prenumeration'],
    ['Fråga', 'Hur avslutar jag min kurs i förtid?'],
    ['', ''],
  ])('for a person to read: %j %j', (subject, text) =>
    expect(meaningOfMail(subject, text)).toBe('unclear'),
  );
});

describe('what is kept of a mail', () => {
  it('are the words of whoever wrote it, not of what they answer', () => {
    expect(
      ownWords('Hej!\r\n\r\nSlutar detta?\r\n\r\nOn Mon, Bo <b@x.example>\nwrote:\n> Läs mer'),
    ).toBe('Hej!\n\nSlutar detta?');
  });

  it('is no token', () => {
    const told = `avsluta ${TOKEN} https://larkraft.example/u/${TOKEN}, avsluta+${TOKEN}@svar.example`;
    expect(withoutTokens(told)).toBe(
      'avsluta … https://larkraft.example/u/…, avsluta+…@svar.example',
    );
  });
});
