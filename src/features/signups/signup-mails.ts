import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import type { Sql } from '../../platform/database/database';
import { t } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import { LinkTokens } from '../registry/link-tokens';
import { ServiceMail } from '../service-mail/service-mail.service';
import { topicNames, VALID_DAYS, type Signup } from './signups.queries';

/** Whom a mail about a sign-up goes to. */
export interface Addressee {
  email: string;
  addressKey: Buffer;
  contactId: string | null;
}

type ConfirmingMail = 'confirm-signup' | 'confirm-choice' | 'confirm-tracking';

/** Which mail asks the mailbox whether it was its reader who wished that. */
export function confirmingMail({
  formId,
  topicIds,
}: Pick<Signup, 'formId' | 'topicIds'>): ConfirmingMail {
  if (formId) return 'confirm-signup';
  return topicIds.length > 0 ? 'confirm-choice' : 'confirm-tracking';
}

/** The mails of a sign-up; each is queued in the transaction of what it tells. */
@Injectable()
export class SignupMails {
  constructor(
    private readonly serviceMail: ServiceMail,
    private readonly links: LinkTokens,
    private readonly env: Env,
  ) {}

  /** Asks the mailbox. No marketing in it, and nothing that the one who filled in the form could have written. */
  async queueConfirm(
    tx: Sql,
    signup: Signup,
    to: Addressee,
    link: { template: ConfirmingMail; token: string },
  ): Promise<string | null> {
    const { id, unsubscribeUrl } = await this.makeLinks(tx, to);
    return this.serviceMail.queue(tx, {
      ...order(signup, to, link.template),
      id,
      template: link.template,
      data: {
        topics: await listTopics(tx, signup),
        confirmUrl: this.env.link(`/confirm/${link.token}`),
        validDays: String(VALID_DAYS),
        objectUrl: unsubscribeUrl,
      },
    });
  }

  /** The answer to a sign-up for what the address gets already. */
  async queueAlreadySubscribed(tx: Sql, signup: Signup, to: Addressee): Promise<string | null> {
    const { id, preferencesUrl } = await this.makeLinks(tx, to);
    return this.serviceMail.queue(tx, {
      ...order(signup, to, 'already-subscribed'),
      id,
      template: 'already-subscribed',
      data: { topics: await listTopics(tx, signup), preferencesUrl },
    });
  }

  /** What was chosen, and how to stop, before anything else comes (GDPR 21.4, L-11). */
  async queueWelcome(tx: Sql, signup: Signup, to: Addressee): Promise<string | null> {
    const { id, unsubscribeUrl, preferencesUrl } = await this.makeLinks(tx, to);
    return this.serviceMail.queue(tx, {
      ...order(signup, to, 'welcome'),
      id,
      template: 'welcome',
      data: { topics: await listTopics(tx, signup), unsubscribeUrl, preferencesUrl },
    });
  }

  /** After the commit. */
  ring(mailId: string | null): Promise<void> {
    return this.serviceMail.ring([mailId]);
  }

  private async makeLinks(tx: Sql, { addressKey, contactId }: Addressee) {
    const id = newId();
    const token = this.links.tokenFor(id);
    // Without a message id: /why and /view are about campaigns' messages, and this is none.
    await this.links.store(tx, [
      { hash: this.links.hash(token), class: 'message', channel: 'email', addressKey, contactId },
    ]);
    return {
      id,
      unsubscribeUrl: this.env.link(`/u/${token}`),
      preferencesUrl: this.env.link(`/preferences/${token}`),
    };
  }
}

function order({ id, language }: Signup, { email, addressKey }: Addressee, template: string) {
  return { language, to: email, addressKey, idempotencyKey: `${template}:${id}` };
}

async function listTopics(tx: Sql, { topicIds, tracking, language }: Signup): Promise<string> {
  const names = await topicNames(tx, topicIds, language);
  return [...names, ...(tracking ? [t(language, 'registry:tracking.name')] : [])].join(', ');
}
