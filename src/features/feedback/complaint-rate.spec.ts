import { complaintVerdict } from './complaint-rate';

describe('the complaint rate', () => {
  it.each([
    [0, 0, 'fine'],
    [1, 10, 'fine'],
    [4, 10, 'stop'],
    [9, 10_000, 'fine'],
    [10, 10_000, 'warn'],
    [29, 10_000, 'warn'],
    [30, 10_000, 'stop'],
  ])('P-22 calls %i complaints on %i delivered %s', (complaints, delivered, verdict) => {
    expect(complaintVerdict(complaints, delivered)).toBe(verdict);
  });
});
