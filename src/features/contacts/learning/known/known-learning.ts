import { Injectable } from '@nestjs/common';
import { KEEPING_PURPOSES, PROFILING } from '../../../../domain/policy';
import { Audit } from '../../../../platform/audit/audit';
import { Database } from '../../../../platform/database/database';
import { NotFound } from '../../../../platform/errors';
import type { Actor } from '../../../../platform/http/actor';
import type { Language } from '../../../../platform/i18n/i18n';
import { isUuid } from '../../../../platform/ids';
import type { Learning } from './known-learning.dto';
import {
  attributesOf,
  clicksOf,
  coursesOf,
  eventsOf,
  recommendedTo,
  survivorOf,
} from './known-learning.queries';

/** What is kept of one person besides who they are, with its purpose and its end (GDPR 15). */
@Injectable()
export class KnownLearning {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
  ) {}

  /** For staff. Throws NotFound `contact_not_found`. */
  async read(id: string, reader: Actor, language: Language): Promise<Learning> {
    const contactId = isUuid(id) ? await survivorOf(this.db, id) : null;
    if (!contactId) throw new NotFound('contact_not_found');
    const subject = { type: 'contact', id: contactId };
    await this.audit.record(this.db, reader, 'contact.learning_read', subject);
    return this.of(contactId, language);
  }

  /** For the person. */
  async of(contactId: string, language: Language): Promise<Learning> {
    const [courses, events, attributes, clicks, offers] = await Promise.all([
      coursesOf(this.db, contactId),
      eventsOf(this.db, contactId),
      attributesOf(this.db, contactId),
      clicksOf(this.db, contactId),
      recommendedTo(this.db, contactId),
    ]);
    const texts = new Map<string, string>(KEEPING_PURPOSES.map((one) => [one.id, one[language]]));
    return {
      purpose: PROFILING.id,
      purposeText: PROFILING[language],
      courses,
      events,
      attributes: attributes.map(({ nameSv, nameEn, ...attribute }) => ({
        ...attribute,
        name: language === 'sv' ? nameSv : nameEn,
        purposeText: texts.get(attribute.purpose) ?? attribute.purpose,
      })),
      clicks,
      offers,
    };
  }
}
