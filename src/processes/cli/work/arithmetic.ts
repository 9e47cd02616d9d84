import type { Campaign } from '../../../features/campaigns/campaign';
import { CheckCampaign, type AudienceCheck } from '../../../features/campaigns/check-campaign';
import type { Session } from '../session';

/** Who would get it now, and why the others would not. */
export async function showArithmetic(session: Session, campaign: Campaign): Promise<AudienceCheck> {
  const arithmetic = await session.app.get(CheckCampaign).audience(campaign.id);
  const { out } = session;
  const { audience, gets, withheld, sms } = arithmetic;
  out.line(`"${campaign.name}"`);
  out.table(
    [
      ['', out.number(audience), out.text('arithmetic.audience')],
      ...withheld.map(({ reason, count }) => ['−', out.number(count), reasonText(session, reason)]),
      ['=', out.number(gets), out.text('arithmetic.gets')],
    ],
    [1],
  );
  if (sms) {
    const { parts, cost, currency } = sms;
    out.say('arithmetic.parts', { usual: out.number(parts.usual), most: out.number(parts.most) });
    if (cost)
      out.say('arithmetic.cost', {
        usual: out.money(cost.usual, currency),
        most: out.money(cost.most, currency),
      });
  }
  return arithmetic;
}

/** In words, and the code that logs and the API use. */
export function reasonText({ out }: Session, reason: string): string {
  return `${out.text(`reason.${reason}`)} (${reason})`;
}
