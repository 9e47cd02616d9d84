import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Env } from '../../../platform/config/env';
import { Secrets } from '../../../platform/config/secrets';
import { Database, type Sql } from '../../../platform/database/database';
import { TooMany, Unavailable } from '../../../platform/errors';
import type { Language } from '../../../platform/i18n/i18n';
import { newId } from '../../../platform/ids';
import { AddressKeys } from '../../contacts/address-keys';
import { ServiceMail } from '../../service-mail/service-mail.service';
import { hashCode, isCode } from './phone-code';
import {
  insertCode,
  lockCodes,
  removeOldCodes,
  secondsToWait,
  tryCode,
  useCode,
  VALID_MINUTES,
} from './phone-codes.queries';

/** Codes by text message: each opens one number for one person, once, within ten minutes and five tries. */
@Injectable()
export class PhoneCodes {
  constructor(
    private readonly db: Database,
    private readonly env: Env,
    private readonly secrets: Secrets,
    private readonly keys: AddressKeys,
    private readonly serviceMail: ServiceMail,
  ) {}

  /**
   * Sends one to a number in E.164. The same for one that nobody has, somebody else has, or that has said no. Throws
   * TooMany `too_many_codes`, Unavailable `sms_not_configured`.
   */
  async send(contactId: string, number: string, language: Language): Promise<void> {
    if (this.env.smsChannel === 'none') throw new Unavailable('sms_not_configured');
    const id = newId();
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const codeHash = hashCode(this.secrets.linkKeys, { id, contactId, number }, code);
    const messageId = await this.db.tx(async (tx) => {
      const addressKey = await this.lock(tx, contactId, number);
      const retryAfterSeconds = await secondsToWait(tx, contactId, addressKey);
      if (retryAfterSeconds > 0) throw new TooMany('too_many_codes', { retryAfterSeconds });
      await insertCode(tx, { id, contactId, addressKey, codeHash });
      return this.serviceMail.queue(tx, {
        template: 'phone-code',
        language,
        to: number,
        addressKey,
        data: { code, validMinutes: String(VALID_MINUTES) },
        idempotencyKey: `phone-code:${id}`,
      });
    });
    await this.serviceMail.ring([messageId]);
  }

  /** Whether the code is right; it is used up then, and a wrong one has counted as a try once `tx` commits. */
  async spend(tx: Sql, contactId: string, number: string, typed: string): Promise<boolean> {
    const addressKey = await this.lock(tx, contactId, number);
    const sent = await tryCode(tx, contactId, addressKey);
    if (!sent) return false;
    const scope = { id: sent.id, contactId, number };
    const code = typed.replace(/\D/g, '');
    if (!isCode(this.secrets.linkKeys, scope, code, sent.codeHash)) return false;
    await useCode(tx, sent.id);
    return true;
  }

  /** Removes what no limit counts any longer. */
  async sweep(): Promise<void> {
    await removeOldCodes(this.db);
  }

  private async lock(tx: Sql, contactId: string, number: string): Promise<Buffer> {
    const { key } = (await this.keys.resolve(tx, 'sms', [number])).get(number)!;
    await lockCodes(tx, contactId, key);
    return key;
  }
}
