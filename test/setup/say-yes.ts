import { Registry } from '../../src/features/registry/registry.service';
import { RECIPIENT } from '../../src/platform/http/actor';
import type { Service } from './service';

/** What a person confirms by the link in a mail: it outweighs their earlier no. */
export async function sayYes(
  service: Service,
  { email, contactId, topicId }: { email: string; contactId: string; topicId: string },
): Promise<void> {
  await service.db.tx((tx) =>
    service.get(Registry).record(tx, [
      {
        kind: 'grant',
        scope: 'topic',
        channel: 'email',
        address: { channel: 'email', key: service.key(email), version: 1 },
        contactId,
        topicId,
        ground: 'CONSENT',
        method: 'double_opt_in_post',
        door: 'double_opt_in',
        actor: RECIPIENT,
      },
    ]),
  );
}
