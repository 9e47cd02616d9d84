import { Throttle } from './throttle';

describe('Throttle', () => {
  it('lets through as many as allowed in any window, and says how long to wait', () => {
    const throttle = new Throttle(2, 60_000);
    expect(throttle.take('a', 0)).toBeNull();
    expect(throttle.take('a', 10_000)).toBeNull();
    expect(throttle.take('a', 20_000)).toBe(40);
    expect(throttle.take('b', 20_000)).toBeNull();
    expect(throttle.take('a', 60_001)).toBeNull();
    expect(throttle.take('a', 60_002)).toBe(10);
  });

  it('does not count what it refused, so that waiting helps', () => {
    const throttle = new Throttle(1, 1_000);
    throttle.take('a', 0);
    for (let at = 1; at < 1_000; at++) throttle.take('a', at);
    expect(throttle.take('a', 1_001)).toBeNull();
  });

  it('forgets the longest unused callers rather than grow without end', () => {
    const throttle = new Throttle(1, 60_000);
    throttle.take('first', 0);
    for (let i = 0; i < 20_000; i++) throttle.take(`k${i}`, 1);
    expect(throttle.take('first', 2)).toBeNull();
  });
});
