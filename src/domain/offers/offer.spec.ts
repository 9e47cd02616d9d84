import fc from 'fast-check';
import { descriptionOf, offersIn } from './offer';
import { offerCondition, offersFor } from './offers-to-sql';

describe('a mail that recommends courses', () => {
  it.each([
    ['', 0],
    ['{{ contact.first_name }}', 0],
    ['first_offer.name', 0],
    ['&#123;&#123; first_offer.name }}', 0],
    ['{{ first_offer.name }}', 1],
    ['{{first_offer.because}} {% if second_offer.name %}', 2],
    ["{% if second_offer.name != '' %}{{ third_offer.url }}{% endif %}", 3],
    ['{{ third_offer.name | upcase }}', 3],
    ['{{ my_first_offer.name }}', 0],
  ])('%j asks for %i', (source, count) => {
    expect(offersIn(source)).toBe(count);
  });

  it('shows the beginning of a long description, cut between words and on one line', () => {
    expect(descriptionOf(' Kort\n och\tgott\u202e. ')).toBe('Kort och gott .');
    const words = fc.array(fc.stringMatching(/^[a-zåäö]{1,30}$/), { maxLength: 60 });
    fc.assert(
      fc.property(words, (list) => {
        const whole = list.join(' ');
        const shown = descriptionOf(whole);
        expect(shown.length).toBeLessThanOrEqual(181);
        if (shown === whole) return;
        expect(shown.endsWith('…')).toBe(true);
        expect(`${whole} `.startsWith(`${shown.slice(0, -1)} `)).toBe(true);
      }),
    );
  });

  it('is asked for without parameters, so that it can stand anywhere', () => {
    expect(offerCondition().values).toEqual([]);
    expect(offerCondition().text + offersFor('people', 3)).not.toMatch(/\$\d/);
  });
});
