import { AddressKeys } from '../../../src/features/contacts/address-keys';
import { LinkTokens } from '../../../src/features/registry/link-tokens';
import { OptOuts } from '../../../src/features/registry/opt-outs';
import { RECIPIENT } from '../../../src/platform/http/actor';
import { newId } from '../../../src/platform/ids';
import { Metrics } from '../../../src/platform/operations/metrics';
import { grant, KEYS, World } from './world';

describe('link tokens and keys', () => {
  let world: World;
  let news: string;

  beforeAll(async () => {
    world = await World.open();
    news = await world.topic('news');
  });
  afterAll(() => world.close());

  it('are 22 opaque characters, the same each time, and different for every message (P-05, P-70)', () => {
    const ids = Array.from({ length: 5_000 }, () => newId());
    const tokens = ids.map((id) => world.tokens.tokenFor(id));
    expect(new Set(tokens).size).toBe(ids.length);
    expect(tokens.every((token) => /^[\w-]{22}$/.test(token))).toBe(true);
    expect(world.tokens.tokenFor(ids[0]!)).toBe(tokens[0]);
    expect(tokens[0]).not.toContain(ids[0]!.slice(0, 8));
    expect(world.env.link(`/u/${tokens[0]}`).length).toBeLessThan(100);
  });

  it('leave nothing in the database that could make a link (P-70)', async () => {
    const { token, contactId } = await world.reader('dump@example.com', news);
    const [dump] = await world.db.query<{ all: string }>(
      `SELECT string_agg(t::text, ' ') AS all FROM link_token t WHERE contact_id = $1`,
      [contactId],
    );
    expect(dump?.all).not.toContain(token);
    expect(dump?.all).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
    expect(dump?.all).toContain(world.tokens.hash(token).toString('hex'));
  });

  it('are stored set-based and again without harm', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => ({
      hash: world.tokens.hash(`t${i}`),
      class: 'message' as const,
      channel: 'email' as const,
      addressKey: world.ref(`t${i}@example.com`).key,
      messageId: newId(),
    }));
    await world.tokens.store(world.db, rows);
    await world.tokens.store(world.db, rows.slice(0, 500));
    const [count] = await world.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM link_token WHERE hash = ANY($1)`,
      [rows.map(({ hash }) => hash)],
    );
    expect(count?.n).toBe(1_000);
  });

  it('are found by no guess among a hundred thousand, and malformed ones without asking (P-60)', async () => {
    await world.reader('gissad@example.com', news);
    let asked = 0;
    const counting = {
      query: (...args: Parameters<typeof world.db.query>) => (asked++, world.db.query(...args)),
    };
    const tokens = new LinkTokens(world.secrets({}), counting as unknown as typeof world.db);
    for (const malformed of [
      '',
      'x',
      '../../etc',
      'a'.repeat(23),
      'å'.repeat(22),
      `${'a'.repeat(21)}=`,
    ]) {
      expect(await tokens.find(malformed)).toBeNull();
    }
    expect(asked).toBe(0);
    const guesses = Array.from({ length: 100_000 }, () => tokens.hash(tokens.tokenFor(newId())));
    const hits = await world.db.query(`SELECT FROM link_token WHERE hash = ANY($1)`, [guesses]);
    expect(hits).toHaveLength(0);
  });

  it('lead to the survivor when two contacts were merged', async () => {
    const { token, contactId } = await world.reader('sammanslagen@example.com', news);
    const survivor = await world.contact('kvar@example.com');
    await world.db.query(`UPDATE contact SET merged_into_id = $2 WHERE id = $1`, [
      contactId,
      survivor,
    ]);
    expect(await world.tokens.find(token)).toMatchObject({ contactId: survivor });
  });

  it('keeps an old no in force after two rotations of the address keys (L-31)', async () => {
    await optOutsOf(world).byAddress('email', 'rotera@example.com', {
      door: 'manual_form',
      actor: RECIPIENT,
    });
    const twice = withKeys(world, `${KEYS.v1},${KEYS.v2},${KEYS.v3}`);
    const keys = new AddressKeys(twice);
    const resolved = (await keys.resolve(world.db, 'email', ['rotera@example.com'])).get(
      'rotera@example.com',
    )!;
    expect(resolved.version).toBe(1);

    const contactId = await world.contact();
    const address = { channel: 'email' as const, ...resolved };
    await world.db.query(
      `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
       VALUES ($1, $2, 'email', 'rotera@example.com', 'rotera@example.com', $3, $4, 'company_contact', now())`,
      [newId(), contactId, resolved.key, resolved.version],
    );
    expect(await world.record(grant(address, contactId, news))).toMatchObject([
      { outcome: 'refused' },
    ]);

    const again = await optOutsOf(world, twice).byAddress('email', 'ROTERA@example.com', {
      door: 'manual_form',
      actor: RECIPIENT,
    });
    expect(await world.gate('rotera@example.com')).toMatchObject({
      no_all: true,
      contact_id: contactId,
    });
    expect(again.maskedAddress).toBe('R•••@e•••.com');

    const fresh = (await keys.resolve(world.db, 'email', ['helt.ny@example.com'])).get(
      'helt.ny@example.com',
    )!;
    expect(fresh.version).toBe(3);
  });
});

function withKeys(world: World, addressKeys: string) {
  return world.secrets({ ADDRESS_KEYS: addressKeys });
}

function optOutsOf(world: World, secrets = world.secrets({})): OptOuts {
  return new OptOuts(
    world.db,
    world.registry,
    world.tokens,
    new AddressKeys(secrets),
    new Metrics(),
  );
}
