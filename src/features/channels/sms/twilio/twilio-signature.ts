import { validateRequest } from 'twilio/lib/webhooks/webhooks';

/**
 * True when Twilio has signed this form for this URL (https://www.twilio.com/docs/usage/security). `url` is the one that
 * Twilio was told, with its query.
 */
export function isSignedByTwilio(
  authToken: string,
  signature: string | undefined,
  url: string,
  form: Record<string, string>,
): boolean {
  return signature !== undefined && validateRequest(authToken, signature, url, form);
}
