import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The secret of an endpoint as its owner sees it. Made from our own, so that no database holds it. */
export function secretOf(ours: string, endpointId: string, generation: number): string {
  const key = createHmac('sha256', ours).update(`webhook ${endpointId} ${generation}`).digest();
  return PREFIX + key.toString('base64');
}

/** The `webhook-signature` of Standard Webhooks: one signature per secret that is valid now. */
export function sign(
  secrets: readonly string[],
  id: string,
  timestamp: number,
  body: string,
): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`);
      return `v1,${mac.digest('base64')}`;
    })
    .join(' ');
}
