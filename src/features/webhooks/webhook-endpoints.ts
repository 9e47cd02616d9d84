import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Env } from '../../platform/config/env';
import { Secrets } from '../../platform/config/secrets';
import { Database, type Sql } from '../../platform/database/database';
import { invalidField, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid, newId } from '../../platform/ids';
import { urlFault } from './post-webhook';
import { secretOf } from './sign';
import type {
  NewWebhookEndpoint,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointInput,
  WebhookSecret,
} from './webhooks.dto';
import { DELIVERIES, ENDPOINTS, MAKE_MARK, RESUME } from './webhooks.queries';

/** Where other systems want to be told. Their secrets are made from our own, shown once and stored nowhere. */
@Injectable()
export class WebhookEndpoints {
  constructor(
    private readonly db: Database,
    private readonly env: Env,
    private readonly secrets: Secrets,
    private readonly audit: Audit,
  ) {}

  list(): Promise<WebhookEndpoint[]> {
    return this.read(this.db, null);
  }

  async create({ url, events }: WebhookEndpointInput, actor: Actor): Promise<NewWebhookEndpoint> {
    this.judge(url);
    const id = newId();
    return this.db.tx(async (tx) => {
      // Before the first there is no mark, and one made later would lie after what this one is to be told of.
      await tx.query(MAKE_MARK);
      await tx.query(
        `INSERT INTO webhook_endpoint (id, url, events, created_at) VALUES ($1, $2, $3, clock_timestamp())`,
        [id, url, events],
      );
      await this.audit.record(tx, actor, 'webhook.created', { type: 'webhook', id }, { events });
      const [made] = await this.read(tx, id);
      return { ...made!, secret: secretOf(this.secrets.session, id, 1) };
    });
  }

  async change(
    id: string,
    { url, events, paused }: WebhookEndpointChange,
    actor: Actor,
  ): Promise<WebhookEndpoint> {
    if (url !== undefined) this.judge(url);
    return this.db.tx(async (tx) => {
      await this.lock(tx, id);
      await tx.query(
        `UPDATE webhook_endpoint SET url = COALESCE($2, url), events = COALESCE($3, events),
           paused_at = CASE WHEN $4 IS TRUE THEN COALESCE(paused_at, clock_timestamp())
                            WHEN $4 IS FALSE THEN NULL ELSE paused_at END,
           failing_since = CASE WHEN $4 IS FALSE THEN NULL ELSE failing_since END
         WHERE id = $1`,
        [id, url ?? null, events ?? null, paused ?? null],
      );
      if (paused === false) await tx.query(RESUME, [id]);
      const changes = { events, paused, url: url !== undefined || undefined };
      await this.audit.record(tx, actor, 'webhook.changed', { type: 'webhook', id }, changes);
      return (await this.read(tx, id))[0]!;
    });
  }

  /** With all that it was told. */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.db.tx(async (tx) => {
      await this.lock(tx, id);
      await tx.query('DELETE FROM webhook_delivery WHERE endpoint_id = $1', [id]);
      await tx.query('DELETE FROM webhook_endpoint WHERE id = $1', [id]);
      await this.audit.record(tx, actor, 'webhook.removed', { type: 'webhook', id });
    });
  }

  /** A new secret; what is sent is signed with the one before, too, for a day. */
  async rotate(id: string, actor: Actor): Promise<WebhookSecret> {
    return this.db.tx(async (tx) => {
      await this.lock(tx, id);
      const [row] = await tx.query<{ generation: number }>(
        `UPDATE webhook_endpoint SET generation = generation + 1,
           previous_until = clock_timestamp() + interval '24 hours' WHERE id = $1 RETURNING generation`,
        [id],
      );
      await this.audit.record(tx, actor, 'webhook.secret_renewed', { type: 'webhook', id });
      return { secret: secretOf(this.secrets.session, id, row!.generation) };
    });
  }

  async deliveries(id: string): Promise<WebhookDelivery[]> {
    if (!isUuid(id)) throw new NotFound('no_such_webhook');
    const [known] = await this.read(this.db, id);
    if (!known) throw new NotFound('no_such_webhook');
    return this.db.query<WebhookDelivery & Record<string, unknown>>(DELIVERIES, [id]);
  }

  private read(sql: Sql, id: string | null): Promise<WebhookEndpoint[]> {
    return sql.query<WebhookEndpoint & Record<string, unknown>>(ENDPOINTS, [id]);
  }

  private async lock(tx: Sql, id: string): Promise<void> {
    const found = isUuid(id)
      ? await tx.query('SELECT 1 FROM webhook_endpoint WHERE id = $1 FOR UPDATE', [id])
      : [];
    if (found.length === 0) throw new NotFound('no_such_webhook');
  }

  private judge(url: string): void {
    const fault = urlFault(url, this.env.NODE_ENV !== 'production');
    if (fault) throw invalidField('url', fault);
  }
}
