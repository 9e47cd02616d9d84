import type { Preferences } from '../choices/my-preferences.dto';
import { readSwitches, switchesOn, wishesOf } from './switches';

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

describe('the switches that are on', () => {
  const topic = (key: string, email: boolean, sms: boolean | null) => ({
    key,
    channels: { email: { on: email }, sms: sms === null ? null : { on: sms } },
  });

  it.each([
    ['none', [topic('a', false, false)], '', []],
    ['one of two', [topic('a', false, true), topic('b', false, null)], 'a:sms', ['a:sms']],
    [
      'several',
      [topic('a', true, true), topic('b', true, null)],
      'a:email:sms b:email',
      ['a:email', 'a:sms', 'b:email'],
    ],
  ])('come back from a form by their names: %s', (_, topics, text, names) => {
    expect(switchesOn({ topics } as unknown as Preferences)).toBe(text);
    expect(readSwitches(text)).toEqual(names);
  });
});
