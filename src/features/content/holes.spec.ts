import fc from 'fast-check';
import { joinPieces, parseHoles, renderHoles } from './holes';
import { htmlLiquid, textLiquid } from './liquid';
import { sampleScope, toScope, type MergeScope } from './merge-fields';

const sample = sampleScope('sv', { publicUrl: 'https://a.example', senderName: 'Lärkraft' });

const nasty = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    ' ',
    '{{ links.view }}',
    '{% break %}',
    '<b>Anna</b>',
    `"'&<>`,
    'A\r\nBcc: b@example.com',
    '$& $1 \\',
  ),
);

const scopes: fc.Arbitrary<MergeScope> = fc
  .record({
    firstName: nasty,
    lastName: nasty,
    city: nasty,
    organisationName: nasty,
    reason: nasty,
  })
  .map((facts) =>
    toScope({
      ...facts,
      language: 'sv',
      campaignName: 'Våren',
      topicName: 'Nyhetsbrev',
      senderName: 'Lärkraft',
      links: sample.links,
    }),
  );

const fields = fc.constantFrom(
  'contact.first_name',
  'contact.city',
  'contact.nothing',
  'organisation.name',
  'links.view',
  'reason',
  'own',
  'contact',
);
const filters = fc.constantFrom(
  '',
  " | default: 'du'",
  ' | default: "d\'u <b>"',
  ' | default: contact.city | upcase',
  ' | upcase',
  ' | url_encode',
  " | append: '!' | truncate: 5",
  ' | size',
);
const output = fc
  .tuple(
    fc.constantFrom('{{ ', '{{- ', '{{'),
    fields,
    filters,
    fc.constantFrom(' }}', ' -}}', '}}'),
  )
  .map((parts) => parts.join(''));
const statics = fc.constantFrom('', ' ', '\n\n', '<p>Hej & hå</p>', 'åäö', '  x  ', '}', '%');

const { source: sources } = fc.letrec<{ source: string; node: string }>((tie) => ({
  source: fc.array(tie('node'), { maxLength: 8 }).map((nodes) => nodes.join('')),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    statics,
    output,
    fc.tuple(fields, filters).map(([field, filter]) => `{% assign own = ${field}${filter} %}`),
    fc.constant('{% comment %} {{ reason }} {% endcomment %}'),
    fc.constant('{% raw %} {{ reason }} {% endraw %}'),
    fc
      .tuple(fields, tie('source'), tie('source'))
      .map(([field, yes, no]) => `{% if ${field} == 'Umeå' %}${yes}{% else %}${no}{%- endif -%}`),
    tie('source').map((body) => `{% for i in (1..3) %}${body}{{ i }}{% endfor %}`),
    fc
      .tuple(fields, tie('source'))
      .map(([field, body]) => `{% unless ${field} %}${body}{% endunless %}`),
  ),
}));

describe('pieces and holes', () => {
  // Its time limit runs on the wall clock, and would judge the machine.
  beforeAll(() => {
    for (const { options } of [htmlLiquid, textLiquid]) options.renderLimit = Infinity;
  });

  it.each([
    ['html', htmlLiquid],
    ['text', textLiquid],
  ])('joined, they are what rendering the whole gives (%s)', (_name, engine) => {
    fc.assert(
      fc.property(sources, scopes, (source, scope) => {
        const parsed = parseHoles(engine, source);
        const holes = renderHoles(parsed, scope);
        expect(parsed.pieces).toHaveLength(holes.length + 1);
        expect(joinPieces(parsed.pieces, holes)).toBe(engine.parseAndRenderSync(source, scope));
      }),
      { numRuns: 600 },
    );
  });

  it('renders the same parsed form for any number of people, none seeing another', () => {
    const parsed = parseHoles(
      htmlLiquid,
      "{% assign own = contact.city %}Hej {{ contact.first_name | default: 'du' }} i {{ own }}",
    );
    fc.assert(
      fc.property(scopes, scopes, (one, two) => {
        const first = renderHoles(parsed, one);
        renderHoles(parsed, two);
        expect(renderHoles(parsed, one)).toEqual(first);
      }),
    );
  });

  it('leaves static text out of the holes', () => {
    const { pieces, holes } = parseHoles(htmlLiquid, 'Hej {{ reason }}, {{ topic.name }}!');
    expect(pieces).toEqual(['Hej ', ', ', '!']);
    expect(holes.map(({ source }) => source)).toEqual(['{{ reason }}', '{{ topic.name }}']);
  });

  it('prints what looks like code in a value literally', () => {
    const scope = toScope({
      ...sampleValues(),
      firstName: '{{ links.unsubscribe }}<b>"\'&{% raw %}',
    });
    const render = (engine: typeof htmlLiquid) => {
      const parsed = parseHoles(engine, '{{ contact.first_name }}');
      return joinPieces(parsed.pieces, renderHoles(parsed, scope));
    };
    expect(render(textLiquid)).toBe('{{ links.unsubscribe }}<b>"\'&{% raw %}');
    expect(render(htmlLiquid)).toBe('{{ links.unsubscribe }}&lt;b&gt;&#34;&#39;&amp;{% raw %}');
  });
});

function sampleValues() {
  return {
    language: 'sv',
    campaignName: 'Våren',
    topicName: 'Nyhetsbrev',
    senderName: 'Lärkraft',
    links: sample.links,
    reason: 'du bad om det',
  };
}
