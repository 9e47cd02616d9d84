import { inTime } from './in-time';

describe('an answer in time', () => {
  it('is what came, also when it is a fault', async () => {
    await expect(inTime(Promise.resolve(7), 1000)).resolves.toBe(7);
    await expect(inTime(Promise.reject(new Error('broken')), 1000)).rejects.toThrow('broken');
  });

  it('is a refusal that says when to come again, when nothing came (P-10)', async () => {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 20));
    await expect(inTime(late, 1)).rejects.toMatchObject({ status: 503, retryAfterSeconds: 60 });
    await expect(late).rejects.toThrow('late');
  });
});
