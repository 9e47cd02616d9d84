import { wishesOf } from './switches';

const wish = (key: string, channel: string, on: boolean) => ({ key, channel, on });

describe('what a person has changed on the page they saw', () => {
  it.each([
    ['nothing', ['a:email'], ['a:email'], []],
    ['a switch turned on', [], ['a:sms'], [wish('a', 'sms', true)]],
    ['a switch turned off', ['a:email', 'b:sms'], ['b:sms'], [wish('a', 'email', false)]],
    [
      'one on, one off',
      ['a:email'],
      ['a:sms'],
      [wish('a', 'sms', true), wish('a', 'email', false)],
    ],
    ['what is no switch', ['x'], ['a:letter', 'b'], []],
  ])('%s', (_, shown, ticked, wishes) => {
    expect(wishesOf(shown, ticked)).toEqual(wishes);
  });
});
