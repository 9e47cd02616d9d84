import { performance } from 'node:perf_hooks';
import type {
  EmailContent,
  EmailRecipient,
  EmailRequest,
} from '../../../src/features/channels/email/email-channel';

/** A newsletter with a name, an opt-out link and Swedish letters in HTML, and the link in the text. */
export function newsletter(overrides: Partial<EmailContent> = {}): EmailContent {
  return {
    htmlPieces: ['<p>Hej ', '!</p><p>Åtta nya kurser.</p><a href="', '">Avsluta prenumeration</a>'],
    textPieces: ['Åtta nya kurser.\n\nAvsluta prenumeration: ', '\n'],
    nonce: 'k3v9x2',
    from: { email: 'nyhetsbrev@larkraft.example', name: 'Lärkraft' },
    replyTo: { email: 'kundtjanst@larkraft.example', name: 'Kundtjänst' },
    listId: 'Nyhetsbrev <nyhetsbrev.larkraft.example>',
    kind: 'marketing',
    campaignId: '0190a000-0000-7000-8000-00000000c001',
    ...overrides,
  };
}

export function messageId(index: number): string {
  return `0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`;
}

export function recipient(index: number, overrides: Partial<EmailRecipient> = {}): EmailRecipient {
  const url = `https://post.larkraft.example/u/${String(index).padStart(22, 'T')}`;
  return {
    messageId: messageId(index),
    to: `person${index}@example.com`,
    subject: `Hej Åsa ${index}`,
    htmlHoles: [`Åsa ${index}`, url],
    textHoles: [url],
    unsubscribeUrl: url,
    ...overrides,
  };
}

export function recipients(count: number): EmailRecipient[] {
  return Array.from({ length: count }, (_, index) => recipient(index + 1));
}

export function request(
  list: readonly EmailRecipient[],
  overrides: Partial<EmailRequest> = {},
): EmailRequest {
  const now = performance.now();
  return {
    content: newsletter(),
    recipients: list,
    startBy: now + 2_000,
    deadline: now + 10_000,
    ...overrides,
  };
}
