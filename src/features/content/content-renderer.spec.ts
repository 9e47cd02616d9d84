import { readLayout } from './bundled-templates';
import { compileEmail, freezeContent, type FrozenContent } from './compile';
import { openContent, Unrenderable } from './content-renderer';
import { sampleScope } from './merge-fields';

const sender = {
  name: 'Lärkraft',
  legalName: 'Lärkraft AB',
  postalAddress: 'Exempelgatan 1, 111 11 Stockholm',
  email: 'kundtjanst@larkraft.example',
  phone: '070-174 06 05',
  publicUrl: 'https://mejl.larkraft.example',
  authority: 'IMY',
};
const scope = () =>
  sampleScope('sv', { publicUrl: sender.publicUrl, senderName: 'Lärkraft', topicName: 'Kurstips' });

let content: FrozenContent;

beforeAll(async () => {
  const compiled = await compileEmail(
    {
      language: 'sv',
      subject: "Hej {{ contact.first_name | default: 'du' }}",
      preheader: 'Om {{ topic.name }}',
      body: "<mj-section><mj-column><mj-text>Hej {{ contact.first_name | default: 'du' }} & co</mj-text></mj-column></mj-section>",
    },
    sender,
    readLayout('marketing'),
  );
  content = compiled.content!;
});

describe('an opened content version', () => {
  it('renders subject, HTML and text for one person', () => {
    const open = openContent(content);
    const { subject, htmlHoles, textHoles } = open.renderFor(scope());
    expect(subject).toBe('Hej Kim');
    expect(open.html(htmlHoles)).toContain('Hej Kim & co');
    expect(open.text(textHoles)).toContain('Hej Kim & co');
    expect(open.html(htmlHoles)).not.toMatch(/\{\{|\{%/);
    expect(open.text(textHoles)).not.toMatch(/\{\{|\{%/);
    expect(open.htmlPieces).toHaveLength(htmlHoles.length + 1);
    expect(open.textPieces).toHaveLength(textHoles.length + 1);
  });

  it('keeps the subject on one line and in one direction, whatever a name holds', () => {
    const person = scope();
    person.contact.first_name = 'A\r\nBcc: b@example.com\u2028\u0085\u202Ex\u0000';
    const { subject } = openContent(content).renderFor(person);
    expect(subject).toBe('Hej A Bcc: b@example.com x');
  });

  it('prints markup and merge fields in a name literally', () => {
    const person = scope();
    person.contact.first_name = `{{ links.why }}<img src=x onerror=alert(1)>"'`;
    const open = openContent(content);
    const { subject, htmlHoles, textHoles } = open.renderFor(person);
    expect(subject).toContain('{{ links.why }}<img src=x');
    expect(open.html(htmlHoles)).toContain(
      'Hej {{ links.why }}&lt;img src=x onerror=alert(1)&gt;&#34;&#39; & co',
    );
    expect(open.text(textHoles)).toContain(
      'Hej {{ links.why }}<img src=x onerror=alert(1)>"\' & co',
    );
  });

  it.each(['unsubscribe', 'preferences', 'why', 'view'] as const)(
    'P-16: renders nothing without a usable link: %s',
    (name) => {
      for (const bad of [
        '',
        '{{ links.why }}',
        'https://a b',
        'javascript:alert(1)',
        'undefined',
      ]) {
        const person = scope();
        person.links[name] = bad;
        expect(() => openContent(content).renderFor(person)).toThrow(Unrenderable);
      }
    },
  );

  it('renders nothing without a reason, because the mail must say why it came', () => {
    expect(() => openContent(content).renderFor({ ...scope(), reason: ' ' })).toThrow(Unrenderable);
  });

  it('P-16: refuses content whose opt-out link was lost, or does not survive rendering', () => {
    const refreeze = (change: (source: string) => string) =>
      freezeContent({ ...content, html: change(content.html), text: change(content.text) });
    const lost = refreeze((source) => source.replaceAll('{{ links.unsubscribe }}', '#'));
    expect(() => openContent(lost)).toThrow(Unrenderable);
    const hidden = refreeze((source) =>
      source.replaceAll(
        '{{ links.unsubscribe }}',
        '{% if contact.city == "Lund" %}{{ links.unsubscribe }}{% endif %}',
      ),
    );
    expect(() => openContent(hidden).renderFor(scope())).toThrow(Unrenderable);
  });

  it('renders thousands of people a second', () => {
    const open = openContent(content);
    const person = scope();
    for (let round = 0; round < 500; round++) open.renderFor(person);
    const begun = performance.now();
    for (let round = 0; round < 5_000; round++) open.renderFor(person);
    // 3 ms would be a parse per recipient; in practice it is a few microseconds.
    expect((performance.now() - begun) / 5_000).toBeLessThan(0.5);
  });
});
