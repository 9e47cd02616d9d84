import type { Campaign } from '../../../features/campaigns/campaign';
import { CheckCampaign } from '../../../features/campaigns/check-campaign';
import type { Arithmetic } from '../../../features/delivery/dispatches';
import type { Session } from '../session';

/** Who would get it now, and why the others would not. */
export async function showArithmetic(session: Session, campaign: Campaign): Promise<Arithmetic> {
  const arithmetic = await session.app.get(CheckCampaign).audience(campaign.id);
  const { out } = session;
  const { audience, gets, withheld } = arithmetic;
  out.line(`"${campaign.name}"`);
  out.table(
    [
      ['', out.number(audience), out.text('arithmetic.audience')],
      ...withheld.map(({ reason, count }) => ['−', out.number(count), reasonText(session, reason)]),
      ['=', out.number(gets), out.text('arithmetic.gets')],
    ],
    [1],
  );
  return arithmetic;
}

/** In words, and the code that logs and the API use. */
export function reasonText({ out }: Session, reason: string): string {
  return `${out.text(`reason.${reason}`)} (${reason})`;
}
