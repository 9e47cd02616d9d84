import { Cases } from '../../../features/service-desk/cases/cases.service';
import { CasesQuery } from '../../../features/service-desk/cases/cases.dto';
import { RecordNo } from '../../../features/service-desk/record-no';
import { RecordNoInput } from '../../../features/service-desk/record-no.dto';
import { ListReplies } from '../../../features/service-desk/replies/list-replies';
import { SearchDesk } from '../../../features/service-desk/search-desk';
import { DeskSearch } from '../../../features/service-desk/search-desk.dto';
import { OPERATOR } from '../../../platform/http/actor';
import type { DeskStopOptions } from '../options';
import type { Session } from '../session';
import { checked } from './checked';

const WORDS_SHOWN = 70;

export async function searchDesk({ app, out }: Session, asked: string): Promise<void> {
  const { query } = await checked(DeskSearch, { query: await out.typed(asked) });
  const { items, more } = await app.get(SearchDesk).find(query, OPERATOR, out.language);
  if (items.length === 0) return out.say('desk.nobody');
  for (const hit of items) {
    const who = [hit.name, hit.organisation, hit.externalId].filter(Boolean).join(', ');
    out.line(`${who || out.text('desk.unregistered')}  ${hit.contactId ?? ''}`.trimEnd());
    out.line(`${hit.mayWrite ? '✓' : '✗'} ${hit.sentence}`);
    out.table(hit.addresses.map(({ address, sentence }) => [address ?? '–', sentence]));
    out.table(
      hit.cases.map(({ reference, kind, openedAt }) => [
        reference,
        out.text(`desk.kind.${kind}`),
        out.moment(openedAt),
      ]),
    );
  }
  if (more) out.say('desk.more');
}

export async function stop(
  { app, out }: Session,
  address: string,
  options: DeskStopOptions,
): Promise<void> {
  const input = await checked(RecordNoInput, { ...options, address: await out.typed(address) });
  const told = await app.get(RecordNo).run(input, OPERATOR, out.language);
  out.line(told.holds);
  out.say(told.recorded ? 'desk.since' : 'desk.stood', { at: out.moment(told.at) });
  const { last72h } = told.handedOver;
  if (last72h > 0) out.say('optOut.handedOver', { count: last72h });
  out.table(
    told.otherAddresses.map(({ address, covered }) => [
      address,
      out.text(covered ? 'desk.covered' : 'desk.notCovered'),
    ]),
  );
  out.say('optOut.reference', { id: told.reference });
}

export async function listReplies({ app, out }: Session): Promise<void> {
  const replies = await app.get(ListReplies).run({ limit: 200 }, OPERATOR);
  if (replies.length === 0) return out.say('desk.noReplies');
  out.table(
    replies.map(({ id, late, at, channel, from, words }) => [
      late ? '!' : '',
      out.moment(at),
      channel,
      from ?? '–',
      (words ?? '').replace(/\s+/g, ' ').slice(0, WORDS_SHOWN),
      id,
    ]),
  );
}

export async function listCases({ app, out }: Session): Promise<void> {
  const query = await checked(CasesQuery, { state: 'open' });
  const { items } = await app.get(Cases).list(query, OPERATOR);
  if (items.length === 0) return out.say('desk.noCases');
  out.table(
    items.map(({ reference, kind, openedAt, address, id }) => [
      reference,
      out.text(`desk.kind.${kind}`),
      out.moment(openedAt),
      address ?? '–',
      id,
    ]),
  );
}
