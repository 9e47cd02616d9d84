import fc from 'fast-check';
import { contrast, isColour, isReadable, lightened } from './colour';

const colours = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('colours', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
    ['#0f5a57', '#ffffff', 8.01],
  ])('%s on %s has a contrast of %d', (one, other, expected) => {
    expect(contrast(one, other)).toBeCloseTo(expected, 1);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });

  it.each([
    ['#0f5a57', true],
    ['#0F5A57', false],
    ['#0f5', false],
    ['red', false],
    ['#0f5a57;}', false],
  ])('%s is a colour: %s', (text, is) => expect(isColour(text)).toBe(is));

  it('are readable when white can be read on them too', () => {
    fc.assert(
      fc.property(colours, (colour) => {
        if (isReadable(colour)) expect(contrast(colour, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      }),
    );
    expect(isReadable('#0f5a57')).toBe(true);
    expect(isReadable('#ffcc00')).toBe(false);
  });

  it('become readable by night, and stay what they are when they are already', () => {
    fc.assert(
      fc.property(colours, (colour) => {
        const lighter = lightened(colour);
        expect(isColour(lighter)).toBe(true);
        for (const ground of ['#131b1a', '#1c2625', '#253230'])
          expect(contrast(lighter, ground)).toBeGreaterThanOrEqual(4.5);
      }),
    );
    expect(lightened('#86d0c4')).toBe('#86d0c4');
  });
});
