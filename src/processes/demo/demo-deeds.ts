import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import type { Sql } from '../../platform/database/database';
import { RECIPIENT, SYSTEM, type Actor } from '../../platform/http/actor';
import type { Door, LedgerAct } from '../../features/registry/ledger/ledger-act';
import { Registry } from '../../features/registry/registry.service';
import { readRows } from './demo-files';

const PAUSE_DAYS = 90;
const DAY = 86_400_000;

interface Subject {
  email: string;
  contactId: string;
  key: Buffer;
  version: number;
}

/** What people said and did before the first campaign: noes through every door, pauses, dead mailboxes. */
@Injectable()
export class DemoDeeds {
  constructor(
    private readonly registry: Registry,
    private readonly clock: Clock,
  ) {}

  async record(tx: Sql, topicIds: ReadonlyMap<string, string>): Promise<void> {
    const deeds = readRows('deeds');
    const subjects = await this.find(
      tx,
      deeds.map(({ email }) => email!),
    );
    const acts = deeds.map((deed): LedgerAct => {
      const { contactId, key, version } = subjects.get(deed.email!)!;
      // Logged in, or by letter, it is the person who says no and not one of their addresses.
      const personal = deed.door === 'mina_sidor' || deed.door === 'privacy_officer';
      return {
        kind: deed.act as LedgerAct['kind'],
        scope: deed.topic ? 'topic' : 'all',
        channel: null,
        topicId: deed.topic ? topicIds.get(deed.topic) : undefined,
        address: personal ? null : { channel: 'email', key, version },
        contactId: deed.act === 'undeliverable' ? null : contactId,
        door: deed.door as Door,
        detail: deed.detail,
        actor: ACTORS[deed.door!] ?? RECIPIENT,
        evidence: deed.act === 'pause' ? { until: this.pauseEnd() } : { demo: true },
      };
    });
    await this.registry.record(tx, acts);
  }

  private pauseEnd(): string {
    return new Date(this.clock.now().getTime() + PAUSE_DAYS * DAY).toISOString();
  }

  private async find(tx: Sql, emails: string[]): Promise<Map<string, Subject>> {
    const rows = await tx.query<Subject>(
      `SELECT canonical AS email, contact_id AS "contactId", address_key AS key, key_version AS version
       FROM address WHERE channel = 'email' AND canonical = ANY($1)`,
      [emails],
    );
    return new Map(rows.map((row) => [row.email, row]));
  }
}

/** Where somebody else than the person wrote it down. */
const ACTORS: Partial<Record<string, Pick<Actor, 'type' | 'id'>>> = {
  bounce: SYSTEM,
  service_desk: { type: 'staff', id: null },
  privacy_officer: { type: 'staff', id: null },
  api: { type: 'api_key', id: null },
};
