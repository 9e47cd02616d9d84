import { hashPassword, passwordMatches, randomPassword } from './passwords';

describe('passwords', () => {
  it('are kept as argon2id with 19 MiB and two passes, salted', async () => {
    const [one, two] = await Promise.all([hashPassword('same'), hashPassword('same')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('match only themselves', async () => {
    const stored = await hashPassword('lösenfras');
    expect(await passwordMatches(stored, 'lösenfras')).toBe(true);
    expect(await passwordMatches(stored, 'losenfras')).toBe(false);
    expect(await passwordMatches(stored, '')).toBe(false);
  });

  it('match however the keyboard composes å, ä and ö', async () => {
    const stored = await hashPassword('smörgås'.normalize('NFD'));
    expect(await passwordMatches(stored, 'smörgås'.normalize('NFC'))).toBe(true);
  });

  it('match nothing, after the same work, without an account (threat 17)', async () => {
    expect(await passwordMatches(null, '')).toBe(false);
    expect(await passwordMatches(null, 'anything')).toBe(false);
  });

  it('are made at random and are long', () => {
    const made = new Set(Array.from({ length: 1000 }, randomPassword));
    expect(made.size).toBe(1000);
    for (const password of made)
      expect(password).toMatch(/^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
  });
});
