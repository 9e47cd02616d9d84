import type { Channel } from '../../domain/address';
import type { Language } from '../../platform/i18n/i18n';
import type { SystemMail } from '../content/system-mails';
import { SYSTEM_TEXTS, type SystemTextKey } from '../content/system-texts';

export type ServiceTemplate = SystemMail | SystemTextKey;

interface ToConfirm {
  topics: string;
  confirmUrl: string;
  validDays: string;
  /** A no in one press, for whoever did not ask and does not want to be asked. */
  objectUrl: string;
}

/**
 * What each system mail fills in. A closed list: each answers something that was done with the address, none
 * carries marketing, and none holds words that whoever caused it could choose.
 */
export interface ServiceMailData {
  'confirm-signup': ToConfirm;
  'confirm-choice': ToConfirm;
  'confirm-tracking': ToConfirm;
  'already-subscribed': { topics: string; preferencesUrl: string };
  welcome: { topics: string; preferencesUrl: string; unsubscribeUrl: string };
  'opt-out-receipt': { scope: string; recordedAt: string; preferencesUrl: string };
  'login-link': { loginUrl: string; validMinutes: string };
}

/** The same of each system text message. */
export interface ServiceTextData {
  'phone-code': { code: string; validMinutes: string };
}

/** One message to one address, for one reason that `idempotencyKey` names. Its template says by which channel. */
export interface ServiceMailOrder<M extends ServiceTemplate = ServiceTemplate> {
  template: M;
  language: Language;
  to: string;
  addressKey: Buffer;
  data: (ServiceMailData & ServiceTextData)[M];
  idempotencyKey: string;
  /** Given when links in `data` are made from it; otherwise drawn here. */
  id?: string;
}

/** What an erased address may still get: whoever owns it now may begin anew, and must be asked first. */
export const BEGINS_ANEW: readonly ServiceTemplate[] = ['confirm-signup'];

const A_DAY = 24 * 3600;

/** Seconds after which it would only puzzle its reader: what holds a link or code that soon ends lives no longer than that. */
export const STALE_SECONDS: Readonly<Record<ServiceTemplate, number>> = {
  'confirm-signup': A_DAY,
  'confirm-choice': A_DAY,
  'confirm-tracking': A_DAY,
  'already-subscribed': A_DAY,
  welcome: A_DAY,
  'opt-out-receipt': A_DAY,
  'login-link': 15 * 60,
  'phone-code': 10 * 60,
};

export function channelOf(template: ServiceTemplate): Channel {
  return (SYSTEM_TEXTS as readonly string[]).includes(template) ? 'sms' : 'email';
}
