import fc from 'fast-check';
import { isDay, readAttributeValue, type AttributeType } from './learning';

const read = (type: AttributeType, raw: unknown, choices: string[] = []) =>
  readAttributeValue({ type, choices }, raw);

describe('a value of a declared attribute', () => {
  it.each<[AttributeType, unknown, unknown]>([
    ['text', '  två\n ord ', 'två ord'],
    ['text', 'a\u030A', 'å'],
    ['number', -0.5, -0.5],
    ['date', '2024-02-29', '2024-02-29'],
    ['flag', false, false],
    ['choice', 'Bygg', 'Bygg'],
  ])('of type %s is stored from %j as %j', (type, raw, value) => {
    expect(read(type, raw, ['Bygg'])).toEqual({ value });
  });

  it.each<[AttributeType, unknown, string]>([
    ['text', 1, 'not_text'],
    ['text', ' \t', 'empty'],
    ['text', 'a\0', 'unstorable_text'],
    ['text', '\uD800', 'unstorable_text'],
    ['text', 'a\u0007', 'control_character'],
    ['text', 'a'.repeat(501), 'too_long'],
    ['number', '1', 'not_a_number'],
    ['number', Number.NaN, 'not_a_number'],
    ['number', Number.POSITIVE_INFINITY, 'not_a_number'],
    ['date', '2023-02-29', 'not_a_date'],
    ['date', '2023-02-01T00:00:00Z', 'not_a_date'],
    ['date', '0000-01-01', 'not_a_date'],
    ['flag', 'true', 'not_a_flag'],
    ['choice', 'bygg', 'not_a_choice'],
  ])('of type %s is refused from %j as %s', (type, raw, fault) => {
    expect(read(type, raw, ['Bygg'])).toEqual({ fault });
  });

  it('of a day is what a calendar has', () => {
    const from = new Date('0001-01-01T00:00:00Z');
    const days = fc.date({ min: from, max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });
    fc.assert(fc.property(days, (day) => isDay(day.toISOString().slice(0, 10))));
  });
});
