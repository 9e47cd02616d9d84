import fc from 'fast-check';
import {
  inWindow,
  isTimeZone,
  nextInWindow,
  SMS_WINDOW,
  toDailyWindow,
  toInstant,
  toLocal,
} from './schedule';

const STOCKHOLM = 'Europe/Stockholm';
const at = (iso: string): Date => new Date(iso);

describe('wall clock to instant', () => {
  it.each([
    ['2026-03-28T09:00', '2026-03-28T08:00:00Z'],
    ['2026-03-29T01:59', '2026-03-29T00:59:00Z'],
    ['2026-03-29T03:00', '2026-03-29T01:00:00Z'],
    ['2026-03-29T09:00', '2026-03-29T07:00:00Z'],
    ['2026-10-25T01:59', '2026-10-24T23:59:00Z'],
    ['2026-10-25T03:00', '2026-10-25T02:00:00Z'],
    ['2026-10-25T09:00', '2026-10-25T08:00:00Z'],
    ['2028-02-29T12:00', '2028-02-29T11:00:00Z'],
  ])('F-87: %s in Stockholm is %s', (local, instant) => {
    expect(toInstant(local, STOCKHOLM)).toEqual({ ok: true, instant: at(instant) });
    expect(toLocal(at(instant), STOCKHOLM)).toBe(local);
  });

  it.each(['2026-03-29T02:00', '2026-03-29T02:30', '2026-03-29T02:59'])(
    'F-87: refuses %s, which the clock in Stockholm never shows',
    (local) => {
      expect(toInstant(local, STOCKHOLM)).toEqual({ ok: false, code: 'nonexistent_local_time' });
      expect(toInstant(local, 'UTC')).toMatchObject({ ok: true });
    },
  );

  it.each([
    ['2026-10-25T02:00', '2026-10-25T00:00:00Z'],
    ['2026-10-25T02:30', '2026-10-25T00:30:00Z'],
    ['2026-10-25T02:59', '2026-10-25T00:59:00Z'],
  ])('F-87: takes the first of the two %s', (local, instant) => {
    expect(toInstant(local, STOCKHOLM)).toEqual({ ok: true, instant: at(instant) });
    const second = new Date(at(instant).getTime() + 3_600_000);
    expect(toLocal(second, STOCKHOLM)).toBe(local);
  });

  it.each([
    '',
    '2026-06-01',
    '2026-06-01 09:00',
    '2026-06-01T09:00:30',
    '2026-06-01T09:00Z',
    '2026-06-01T09:00+02:00',
    '2026-06-01T24:00',
    '2026-06-01T09:60',
    '2026-02-29T09:00',
    '2026-04-31T09:00',
    '2026-13-01T09:00',
    ' 2026-06-01T09:00',
  ])('refuses %j as no local time', (local) => {
    expect(toInstant(local, STOCKHOLM)).toEqual({ ok: false, code: 'bad_local_time' });
  });

  it.each(['', 'Stockholm', 'Europe/Sthlm', '+01:00', '-05:00', 'Europe/Stockholm; DROP'])(
    'refuses %j as no time zone',
    (timeZone) => {
      expect(toInstant('2026-06-01T09:00', timeZone)).toEqual({ ok: false, code: 'bad_time_zone' });
      expect(isTimeZone(timeZone)).toBe(false);
    },
  );

  it('gives back every local time it accepts', () => {
    const minutes = fc.integer({ min: 0, max: 366 * 24 * 60 });
    const zones = fc.constantFrom(STOCKHOLM, 'UTC', 'America/New_York', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(minutes, zones, (minute, timeZone) => {
        const local = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().slice(0, 16);
        const result = toInstant(local, timeZone);
        if (result.ok) expect(toLocal(result.instant, timeZone)).toBe(local);
        else expect(result.code).toBe('nonexistent_local_time');
      }),
    );
  });
});

describe('quiet hours', () => {
  it.each([
    ['2026-03-29T05:59:59.999Z', false, '2026-03-29T06:00:00Z'],
    ['2026-03-29T06:00:00Z', true, '2026-03-29T06:00:00Z'],
    ['2026-03-29T17:59:59.999Z', true, '2026-03-29T17:59:59.999Z'],
    ['2026-03-29T18:00:00Z', false, '2026-03-30T06:00:00Z'],
    ['2026-03-28T19:00:00Z', false, '2026-03-29T06:00:00Z'],
    ['2026-10-24T18:00:00Z', false, '2026-10-25T07:00:00Z'],
    ['2026-10-25T06:59:59.999Z', false, '2026-10-25T07:00:00Z'],
    ['2026-10-25T07:00:00Z', true, '2026-10-25T07:00:00Z'],
    ['2026-10-25T18:59:59.999Z', true, '2026-10-25T18:59:59.999Z'],
    ['2026-10-25T19:00:00Z', false, '2026-10-26T07:00:00Z'],
  ])('P-61: at %s an SMS may leave: %s, and next at %s', (instant, inside, next) => {
    expect(inWindow(at(instant))).toBe(inside);
    expect(nextInWindow(at(instant))).toEqual(at(next));
  });

  it('may run over midnight', () => {
    const night = { from: '22:00', to: '06:00' };
    expect(inWindow(at('2026-06-01T21:00:00Z'), night)).toBe(true);
    expect(inWindow(at('2026-06-01T02:00:00Z'), night)).toBe(true);
    expect(inWindow(at('2026-06-01T10:00:00Z'), night)).toBe(false);
    expect(nextInWindow(at('2026-06-01T10:00:00Z'), night)).toEqual(at('2026-06-01T20:00:00Z'));
  });

  it('always open again within a day and an hour, and never earlier than asked', () => {
    const instants = fc.date({ min: at('2026-01-01'), max: at('2027-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, (instant) => {
        const next = nextInWindow(instant);
        const wait = next.getTime() - instant.getTime();
        expect(inWindow(next)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(13 * 3_600_000);
        if (wait > 0) expect(toLocal(next, STOCKHOLM)).toMatch(`T${SMS_WINDOW.from}`);
      }),
    );
  });
});

describe('hours as they are written', () => {
  it('are none when they are the whole day', () => {
    expect(toDailyWindow('00:00-24:00')).toBeNull();
  });

  it.each([
    ['07:00-21:00', '2026-06-01T04:59:00Z', false, '2026-06-01T05:00:00Z'],
    ['07:00-21:00', '2026-06-01T18:59:00Z', true, '2026-06-01T18:59:00Z'],
    ['07:00-21:00', '2026-06-01T19:00:00Z', false, '2026-06-02T05:00:00Z'],
    ['07:00-24:00', '2026-06-01T21:59:00Z', true, '2026-06-01T21:59:00Z'],
    ['07:00-24:00', '2026-06-01T22:00:00Z', false, '2026-06-02T05:00:00Z'],
    ['18:00-02:00', '2026-06-01T23:59:00Z', true, '2026-06-01T23:59:00Z'],
    ['18:00-02:00', '2026-06-02T00:00:00Z', false, '2026-06-02T16:00:00Z'],
  ])('%s at %s: %s, and what waits goes at %s', (written, instant, open, next) => {
    const hours = toDailyWindow(written)!;
    expect(inWindow(at(instant), hours)).toBe(open);
    expect(nextInWindow(at(instant), hours)).toEqual(at(next));
  });
});
