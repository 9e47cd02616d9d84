import { byKey, monthsBack } from './trend-lines';

const row = (key: string, kind: 'enrolled' | 'completed' | 'active', events: number | null) => ({
  key,
  name: null,
  kind,
  events,
  fewerThanFive: events === null,
});

describe('the lines of a trend', () => {
  it('count back over the end of the year', () => {
    expect(monthsBack(3, new Date('2027-01-31T12:00:00'))).toEqual({
      from: '2026-11',
      to: '2027-01',
    });
  });

  it('have a month in which nothing happened, and do not tell what is too few', () => {
    const rows = [
      row('2026-11', 'enrolled', 7),
      row('2026-11', 'active', 90),
      row('2027-01', 'completed', null),
    ];
    expect(byKey(rows, { from: '2026-11', to: '2027-01' })).toEqual([
      { key: '2026-11', name: null, enrolled: 7, completed: 0 },
      { key: '2026-12', name: null, enrolled: 0, completed: 0 },
      { key: '2027-01', name: null, enrolled: 0, completed: null },
    ]);
  });
});
