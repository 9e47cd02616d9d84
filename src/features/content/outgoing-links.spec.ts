import { freezeContent } from './compile';
import { outgoingLinks, withLinks } from './outgoing-links';

const mail = (html: string, text = '') =>
  freezeContent({
    channel: 'email',
    language: 'sv',
    subject: 'Hej',
    preheader: '',
    html,
    text,
    bytes: Buffer.byteLength(html),
  });
const link = (url: string, words = 'Läs mer') =>
  `<a class="b" href="${url}" target="_blank">${words}</a>`;

describe('links out of a content', () => {
  it('are told in order, each once, as a browser reads them', () => {
    const html =
      link('https://a.example/?x=1&amp;y=2') +
      link('https://b.example/') +
      link('https://a.example/?x=1&y=2');
    expect(outgoingLinks(mail(html))).toEqual(['https://a.example/?x=1&y=2', 'https://b.example/']);
  });

  it('are not those of one person, nor what only looks like a link', () => {
    const html = [
      link('{{ links.unsubscribe }}'),
      link('https://a.example/?namn={{ contact.first_name }}'),
      link('mailto:kim@a.example'),
      '<img src="https://b.example/bild.png">',
      '<a data-href="https://c.example/">nej</a>',
      `{% assign x = '<a href="https://d.example/">' %}`,
    ].join('');
    expect(outgoingLinks(mail(html))).toEqual([]);
  });

  it('are not those whose address a reader sees', () => {
    const html =
      link('https://a.example/', 'https://a.example/') +
      link('https://a.example/') +
      link('https://b.example/', '<b>www</b>.b.example');
    expect(outgoingLinks(mail(html))).toEqual(['https://b.example/']);
  });

  it('lead elsewhere in HTML and text, and nothing else is touched', () => {
    const html = `https://a.example/ ${link('https://a.example/?x=1&amp;y=2', '{{ contact.first_name }}')}${link('https://b.example/')}<img src="https://b.example/">`;
    const text =
      'Läs: https://a.example/?x=1&y=2. Eller https://a.example/?x=1&y=2{{ contact.city }} https://b.example/';
    const changed = withLinks(
      mail(html, text),
      new Map([['https://a.example/?x=1&y=2', 'https://vi.example/c/1']]),
    );
    expect(changed.html).toBe(
      `https://a.example/ ${link('https://vi.example/c/1', '{{ contact.first_name }}')}${link('https://b.example/')}<img src="https://b.example/">`,
    );
    expect(changed.text).toBe(
      'Läs: https://vi.example/c/1. Eller https://a.example/?x=1&y=2{{ contact.city }} https://b.example/',
    );
    expect(changed.hash).not.toBe(mail(html, text).hash);
    expect(changed.bytes).toBe(Buffer.byteLength(changed.html));
  });

  it('of a text message are those in its text', () => {
    const text =
      'Kurs: https://a.example/lang/vag. Hej {{ contact.first_name }}\nAvsluta prenumeration: {{ links.unsubscribe }}';
    const sms = freezeContent({ ...mail(''), channel: 'sms', text });
    expect(outgoingLinks(sms)).toEqual(['https://a.example/lang/vag']);
    const changed = withLinks(
      sms,
      new Map([['https://a.example/lang/vag', 'https://vi.example/c/1']]),
    );
    expect(changed.text).toContain('Kurs: https://vi.example/c/1. Hej {{');
  });
});
