import { endOfNextWorkingDay } from './working-day';

describe('P-14: one working day to answer', () => {
  it.each([
    ['a Monday', '2026-11-23T09:00:00Z', '2026-11-24T23:00:00.000Z'],
    ['a Friday evening', '2026-11-27T19:00:00Z', '2026-11-30T23:00:00.000Z'],
    ['a Saturday', '2026-11-28T09:00:00Z', '2026-11-30T23:00:00.000Z'],
    ['late at night by Swedish time', '2026-11-23T23:30:00Z', '2026-11-25T23:00:00.000Z'],
    ['the day before Good Friday', '2026-04-02T09:00:00Z', '2026-04-07T22:00:00.000Z'],
    ['the day before Ascension Day', '2026-05-13T09:00:00Z', '2026-05-15T22:00:00.000Z'],
    ['the day before Midsummer Eve', '2026-06-18T09:00:00Z', '2026-06-22T22:00:00.000Z'],
    ['Christmas', '2026-12-23T09:00:00Z', '2026-12-28T23:00:00.000Z'],
    ['New Year', '2026-12-30T09:00:00Z', '2027-01-04T23:00:00.000Z'],
    ['the night before summer time', '2026-03-27T09:00:00Z', '2026-03-30T22:00:00.000Z'],
  ])('came on %s', (_, came, end) => {
    expect(endOfNextWorkingDay(new Date(came)).toISOString()).toBe(end);
  });
});
