import type { FieldFault } from '../../api/problem';
import type { Campaign } from './campaign-data';

export type CardName = 'sender' | 'recipients' | 'subject' | 'content' | 'time';

const CARD_OF: Record<string, CardName> = {
  senderName: 'sender',
  senderEmail: 'sender',
  replyTo: 'sender',
  channel: 'sender',
  topicId: 'recipients',
  audience: 'recipients',
  subject: 'subject',
  preheader: 'subject',
  sendAtLocal: 'time',
  windowHours: 'time',
};

/** Where each fault is mended: by the first name of its path, all else in the content. */
export function faultsByCard(faults: readonly FieldFault[]): Record<CardName, FieldFault[]> {
  const cards: Record<CardName, FieldFault[]> = {
    sender: [],
    recipients: [],
    subject: [],
    content: [],
    time: [],
  };
  for (const fault of faults) {
    cards[CARD_OF[fault.path.split(/[.[]/)[0]!] ?? 'content'].push(fault);
  }
  return cards;
}

/** A send time that has gone is no fault to the server, which then sends at once; a person should know. */
export function hasGone({ sendAt, state }: Campaign, now: number): boolean {
  return sendAt !== null && state !== 'launched' && Date.parse(sendAt) < now;
}
