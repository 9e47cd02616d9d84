import { maskEmail } from '../../../domain/address';
import { CampaignReports } from '../../../features/campaigns/campaign-report';
import type { MessageRow, SmsCost } from '../../../features/campaigns/campaign-report.dto';
import type { Counts } from '../../../features/delivery/reports';
import { Database } from '../../../platform/database/database';
import { OPERATOR } from '../../../platform/http/actor';
import type { ReportOptions } from '../options';
import type { Session } from '../session';
import { reasonText } from './arithmetic';
import { findCampaign } from './find-campaign';

export async function reportCampaign(
  session: Session,
  nameOrId: string,
  { people }: ReportOptions,
): Promise<void> {
  const { app, out } = session;
  const { id } = await findCampaign(session, nameOrId);
  const report = await app.get(CampaignReports).report(id);
  out.line(`"${report.name}"  ${id}`);
  const [launched, finished] = [out.moment(report.launchedAt), out.moment(report.finishedAt)];
  out.say('report.when', { state: out.text(`state.${report.state}`), launched, finished });
  if (!report.counts) return out.say('report.notLaunched');
  showCounts(session, report.counts);
  if (report.sms?.messages) showCost(session, report.sms);
  if (report.optOuts.length > 0) {
    out.line();
    out.say('report.optOuts');
    out.table(
      report.optOuts.map(({ door, count }) => [out.number(count), out.door(door)]),
      [0],
    );
  }
  for (const { reason, count } of report.counts.withheld) {
    out.line();
    out.line(`${out.number(count)} ${reasonText(session, reason)}`);
    if (people > 0) await showPeople(session, { id, reason, count, people });
  }
}

/** Where everybody is; the sum is the audience, and the last line says so. */
export function showCounts({ out }: Session, { audience, buckets, states, gap }: Counts): void {
  const shown = Object.entries(buckets).filter(([bucket, n]) => n > 0 || bucket === 'accepted');
  const details: Record<string, string> = {
    accepted: (['DELIVERED', 'BOUNCED', 'DROPPED', 'EXPIRED'] as const)
      .flatMap((state) =>
        states[state] ? `${out.number(states[state])} ${out.text(`message.${state}`)}` : [],
      )
      .join(', '),
  };
  out.table(
    [
      ...shown.map(([bucket, n]) => [
        out.number(n),
        out.text(`bucket.${bucket}`) + (details[bucket] ? `: ${details[bucket]}` : ''),
      ]),
      [out.number(audience), out.text(gap === 0 ? 'bucket.sum' : 'bucket.gap', { gap })],
    ],
    [0],
  );
}

/** What the provider has told so far; it may be days behind. */
function showCost({ out }: Session, { messages, parts, told, reckoned }: SmsCost): void {
  out.say('report.parts', { parts: out.number(parts), count: out.number(messages) });
  for (const { currency, amount, messages } of told)
    out.say('report.told', { amount: out.money(amount, currency), count: out.number(messages) });
  if (reckoned)
    out.say('report.reckoned', { amount: out.money(reckoned.amount, reckoned.currency) });
}

async function showPeople(
  session: Session,
  { id, reason, count, people }: { id: string; reason: string; count: number; people: number },
): Promise<void> {
  const { app, out } = session;
  const messages = await app
    .get(CampaignReports)
    .messages(id, { state: 'WITHHELD', reason, limit: people }, OPERATOR);
  const addresses = await maskedAddresses(session, messages);
  out.table(
    messages.map((message) => [
      addresses.get(message.id) ?? out.text('report.erased'),
      message.contactId ?? '–',
      behind(session, message),
    ]),
  );
  if (count > messages.length) {
    out.line(`  ${out.text('report.more', { count: out.number(count - messages.length) })}`);
  }
}

/** The ledger entry behind a no: which door, and when. */
function behind(session: Session, { reasonDoor, reasonDetail, reasonAt }: MessageRow): string {
  if (!reasonDoor) return '';
  const detail = reasonDetail ? ` (${reasonDetail})` : '';
  return `${session.out.moment(reasonAt)}  ${session.out.door(reasonDoor)}${detail}`;
}

async function maskedAddresses(
  { app }: Session,
  messages: readonly MessageRow[],
): Promise<Map<string, string>> {
  const rows = await app
    .get(Database)
    .query<{ id: string; value: string }>(
      `SELECT m.id, a.value FROM message m JOIN address a ON a.id = m.address_id WHERE m.id = ANY($1::uuid[])`,
      [messages.map(({ id }) => id)],
    );
  return new Map(rows.map(({ id, value }) => [id, maskEmail(value)]));
}
