import { classifySmtp, type SmtpResult } from '../../../../domain/outcome';
import type { Verdict } from '../../hand-over';
import { withoutAddresses } from '../outgoing-checks';

/** What nodemailer's SMTPConnection reports. */
export interface SmtpError extends Error {
  code?: string;
  /** The socket's own code, where nodemailer has put its class of error over it. */
  originalCode?: string;
  responseCode?: number;
  response?: string;
  command?: string;
}

/** What an SMTP error proves about the message, given how far the conversation had come. */
export function readError(
  error: Omit<SmtpError, keyof Error>,
  stage: SmtpResult['stage'],
): Verdict {
  const outcome = classifySmtp({
    stage,
    reply: error.responseCode,
    code: error.originalCode ?? error.code,
  });
  switch (outcome.kind) {
    case 'accepted':
      return outcome;
    case 'refused':
      return {
        kind: 'refused',
        code: `smtp_${outcome.code}`,
        detail: withoutAddresses(error.response ?? ''),
        permanent: !outcome.temporary && !outcome.breaker,
        ...(outcome.breaker && { breaker: true }),
      };
    case 'rate_limited':
      return { kind: 'rate_limited', retryAfterSeconds: outcome.retryAfterSeconds ?? 60 };
    case 'not_sent':
    case 'unknown':
      return { kind: outcome.kind, code: outcome.code.replace(/^\d+$/, 'smtp_$&') };
  }
}
