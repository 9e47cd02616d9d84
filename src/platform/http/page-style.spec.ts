import { styleFor } from './page-style';

describe('the style of a page', () => {
  const plain = '<html><body><main><p>Klart.</p></main></body></html>';

  it.each([
    ['what every page has', plain, ':root{', true],
    ['both schemes', plain, '@media (prefers-color-scheme:dark)', true],
    ['no tables where there are none', plain, 'table{', false],
    ['tables where there are some', '<table><tr><td>1</td></tr></table>', 'table{', true],
    ['no class that nothing has', plain, '.done', false],
    ['a class among several', '<p class="soft done">Klart.</p>', '.done{', true],
    ['fields by their kind', '<input type="checkbox"/>', 'input[type=email]', false],
    ['one kind of several', '<input type="tel"/>', 'input[type=tel]{', true],
    ['of several kinds no other', '<input type="tel"/>', 'input[type=email]', false],
    [
      'an attribute by its value',
      '<input type="text" aria-invalid="true"/>',
      '[aria-invalid',
      true,
    ],
    [
      'no rule for one tag in another, where that is not',
      '<label>Ja</label>',
      'fieldset label',
      false,
    ],
    ['for one tag in another', '<fieldset><label>Ja</label></fieldset>', 'fieldset label', true],
    ['by width, what is there', '<ul class="list"><li>1</li></ul>', '(min-width:48rem)', true],
    ['by width, nothing else', plain, '(min-width:48rem)', false],
    [
      'nothing for what only words speak of',
      '<p>&lt;table&gt; class=&quot;done&quot;</p>',
      'table',
      false,
    ],
  ])('has %s', (_, markup, rule, isThere) => {
    expect(styleFor(markup).includes(rule)).toBe(isThere);
  });
});
