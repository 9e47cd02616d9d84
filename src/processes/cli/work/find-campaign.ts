import { closest } from '../../../domain/did-you-mean';
import {
  getCampaign,
  type Campaign,
  type CampaignState,
} from '../../../features/campaigns/campaign';
import { Database } from '../../../platform/database/database';
import { isUuid } from '../../../platform/ids';
import { CliFault } from '../cli-fault';
import type { Session } from '../session';

interface Named extends Record<string, unknown> {
  id: string;
  name: string;
  state: CampaignState;
}

const UNSENT: readonly CampaignState[] = ['draft', 'awaiting_approval', 'approved'];

/** By id or name, in any case. Of several with one name: the newest, or the newest that is not sent yet. */
export async function findCampaign(
  { app, out }: Session,
  nameOrId: string,
  which: 'newest' | 'unsent' = 'newest',
): Promise<Campaign> {
  const db = app.get(Database);
  if (isUuid(nameOrId)) return getCampaign(db, nameOrId);
  const all = await db.query<Named>(`SELECT id, name, state FROM campaign ORDER BY id DESC`);
  const same = all.filter(({ name }) => spelled(name) === spelled(nameOrId));
  const unsent = which === 'unsent' ? same.find(({ state }) => UNSENT.includes(state)) : undefined;
  const found = unsent ?? same[0];
  if (found) return getCampaign(db, found.id);
  const names = all.map(({ name }) => name);
  const suggestion = closest(nameOrId, names);
  throw new CliFault(
    'campaign_not_found',
    suggestion
      ? out.text('fault.campaign_not_found_but', { name: nameOrId, suggestion })
      : out.text('fault.campaign_not_found'),
  );
}

const spelled = (name: string): string => name.normalize('NFC').toLowerCase().trim();
