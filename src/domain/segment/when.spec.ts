import { isDay, toDays, toInstants } from './when';

const at = (now: string, timeZone = 'Europe/Stockholm') => ({ now: new Date(now), timeZone });

describe('times of a segment', () => {
  it.each([
    [
      'a day in winter',
      '2026-01-15',
      'Europe/Stockholm',
      '2026-01-14T23:00:00Z',
      '2026-01-15T23:00:00Z',
    ],
    [
      'the day that is 23 hours',
      '2026-03-29',
      'Europe/Stockholm',
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
    ],
    [
      'the day that is 25 hours',
      '2026-10-25',
      'Europe/Stockholm',
      '2026-10-24T22:00:00Z',
      '2026-10-25T23:00:00Z',
    ],
    [
      'the day without midnight',
      '2026-09-06',
      'America/Santiago',
      '2026-09-06T04:00:00Z',
      '2026-09-07T03:00:00Z',
    ],
  ])('knows where %s begins and ends', (_, on, timeZone, from, until) => {
    expect(toInstants({ on }, at('2026-06-01T00:00:00Z', timeZone))).toEqual({ from, until });
  });

  it('counts both ends of a span of days, and neither of before and after', () => {
    const moment = at('2026-06-01T00:00:00Z', 'UTC');
    expect(toInstants({ from: '2026-01-01', to: '2026-01-31' }, moment)).toEqual({
      from: '2026-01-01T00:00:00Z',
      until: '2026-02-01T00:00:00Z',
    });
    expect(toInstants({ before: '2026-01-01' }, moment)).toEqual({
      from: null,
      until: '2026-01-01T00:00:00Z',
    });
    expect(toInstants({ after: '2026-01-01' }, moment)).toEqual({
      from: '2026-01-02T00:00:00Z',
      until: null,
    });
  });

  it('counts the last days by the clock on the wall, up to and with this moment', () => {
    expect(toInstants({ last: 1, unit: 'days' }, at('2026-03-29T10:00:00Z'))).toEqual({
      from: '2026-03-28T11:00:00Z',
      until: '2026-03-29T10:00:00.001Z',
    });
    expect(toDays({ last: 1, unit: 'months' }, at('2026-03-30T22:30:00Z'))).toEqual({
      from: '2026-02-28',
      to: '2026-03-31',
    });
    expect(toDays({ next: 2, unit: 'days' }, at('2026-03-30T21:30:00Z'))).toEqual({
      from: '2026-03-30',
      to: '2026-04-01',
    });
  });

  it.each([
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-2-1', false],
    ['1899-12-31', false],
    ['+020260-01', false],
    [20260101, false],
  ])('says of %s that it is a day: %s', (text, is) => expect(isDay(text)).toBe(is));
});
