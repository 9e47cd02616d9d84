import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Secrets } from '../../platform/config/secrets';
import type { Sql } from '../../platform/database/database';

export interface VersionedKey {
  version: number;
  key: Buffer;
}

/**
 * The keyed hash that stands for an address everywhere but in `address` (L-30). Rotation adds a version;
 * an address keeps the version it was first known under, since after erasure nothing is left to re-hash (L-31).
 */
@Injectable()
export class AddressKeys {
  constructor(private readonly secrets: Secrets) {}

  /** The key under every version, newest first. `canonical` as domain/address.ts gives it. */
  keysOf(channel: Channel, canonical: string): VersionedKey[] {
    return this.secrets.addressKeys
      .signAll(`${channel}\0${canonical}`)
      .map(({ version, mac }) => ({ version, key: mac }));
  }

  /** The key each address goes by: the one already stored under an older version, else the current one. */
  async resolve(
    sql: Sql,
    channel: Channel,
    canonicals: readonly string[],
  ): Promise<Map<string, VersionedKey>> {
    const { addressKeys } = this.secrets;
    if (addressKeys.size === 1) {
      const version = addressKeys.currentVersion;
      const only = (canonical: string) => ({
        version,
        key: addressKeys.sign(`${channel}\0${canonical}`),
      });
      return new Map(canonicals.map((canonical) => [canonical, only(canonical)]));
    }
    const candidates = new Map(
      canonicals.map((canonical) => [canonical, this.keysOf(channel, canonical)]),
    );
    const known = await this.known(sql, [...candidates.values()].flat());
    const resolved = new Map<string, VersionedKey>();
    for (const [canonical, keys] of candidates) {
      // Oldest first: were one address ever stored under two versions, everyone must pick the same.
      const stored = keys.findLast(({ key }) => known.has(key.toString('hex')));
      resolved.set(canonical, stored ?? keys[0]!);
    }
    return resolved;
  }

  /** link_token, signup and service_message need no look: whatever they hold also has a gate row. */
  private async known(sql: Sql, keys: VersionedKey[]): Promise<Set<string>> {
    const rows = await sql.query<{ key: Buffer }>(
      `SELECT k AS key FROM unnest($1::bytea[]) AS k
       WHERE EXISTS (SELECT FROM gate WHERE gate.address_key = k)
          OR EXISTS (SELECT FROM address WHERE address.address_key = k)`,
      [keys.map(({ key }) => key)],
    );
    return new Set(rows.map(({ key }) => key.toString('hex')));
  }
}
