import { Explain } from '../../../features/registry/explain';
import { RecordOptOut as OptOutInput } from '../../../features/registry/opt-outs.dto';
import { RecordOptOut } from '../../../features/registry/record-opt-out';
import { OPERATOR } from '../../../platform/http/actor';
import type { ExplainOptions, OptOutOptions } from '../options';
import type { Session } from '../session';
import { checked } from './checked';

export async function recordOptOut(
  { app, out }: Session,
  address: string,
  { channel, topic, door, reference }: OptOutOptions,
): Promise<void> {
  const input = await checked(OptOutInput, { address, channel, topic, door, reference });
  const receipt = await app.get(RecordOptOut).run(input, OPERATOR);
  const { recorded, at, scope, entryId, handedOver } = receipt;
  const what = topic && scope === 'topic' ? topic : out.text('optOut.everything');
  out.say(recorded ? 'optOut.recorded' : 'optOut.stood', {
    address: receipt.address ?? address,
    what,
    at: out.moment(at),
  });
  if (recorded && handedOver.last72h > 0) {
    out.say('optOut.handedOver', { count: handedOver.last72h });
  }
  out.say('optOut.reference', { id: entryId });
}

export async function explainAddress(
  { app, out }: Session,
  address: string,
  { channel = address.includes('@') ? 'email' : 'sms' }: ExplainOptions,
): Promise<void> {
  const { known, addresses, entries } = await app
    .get(Explain)
    .address(channel, address, OPERATOR, out.language);
  if (!known) return out.say('explain.unknown');
  for (const one of addresses) {
    out.line(`${one.address ?? out.text('report.erased')}  ${one.contactId ?? ''}`.trimEnd());
    out.line(one.sentence);
    out.table(
      one.topics.map(({ topicKey, allowed, sentence }) => [
        allowed ? '✓' : '✗',
        topicKey,
        sentence,
      ]),
    );
  }
  if (entries.length === 0) return;
  out.line();
  out.say('explain.entries');
  out.table(
    entries.map(({ at, kind, scope, topicKey, door, detail }) => [
      out.moment(at),
      out.text(`kind.${kind}`),
      scope === 'topic' ? (topicKey ?? '–') : out.text(`scope.${scope}`),
      out.door(door) + (detail ? ` (${detail})` : ''),
    ]),
  );
}
