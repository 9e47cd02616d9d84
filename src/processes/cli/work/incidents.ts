import { AuditDelivery } from '../../../features/delivery/audit-delivery';
import { CloseIncident } from '../../../features/delivery/close-incident';
import { CloseIncidentInput } from '../../../features/delivery/incidents.dto';
import { Incidents } from '../../../features/delivery/incidents';
import type { Incident } from '../../../features/delivery/incidents.dto';
import { OPERATOR } from '../../../platform/http/actor';
import { CliFault } from '../cli-fault';
import type { CloseIncidentOptions } from '../options';
import type { Session } from '../session';
import { checked } from './checked';

export async function listIncidents(session: Session): Promise<void> {
  const { app, out } = session;
  const incidents = await app.get(Incidents).list();
  if (incidents.length === 0) return out.say('incident.none');
  for (const incident of incidents) show(session, incident);
}

export async function checkPromises({ app, out }: Session): Promise<void> {
  const found = await app.get(AuditDelivery).check({ everything: true });
  const { equationGap, permitsAfterOptOut } = found;
  out.say('incident.gap', { count: out.number(equationGap) });
  out.say('incident.permits', { count: out.number(permitsAfterOptOut) });
  if (equationGap + permitsAfterOptOut > 0)
    throw new CliFault('promise_broken', out.text('fault.promise_broken'));
}

export async function closeIncident(
  session: Session,
  id: string,
  options: CloseIncidentOptions,
): Promise<void> {
  const { app, out } = session;
  const input = await checked(CloseIncidentInput, { ...options });
  const { reopened } = await app.get(CloseIncident).run(id, input, OPERATOR);
  if (!reopened) {
    const left = (await app.get(Incidents).open()).length;
    return out.say(left > 0 ? 'incident.closedOthersLeft' : 'incident.closed', { count: left });
  }
  show(session, reopened);
  throw new CliFault('fault_stands', out.text('fault.fault_stands'));
}

function show({ out }: Session, incident: Incident): void {
  const { id, kind, openedAt, details, closedAt, closedBy, note, accepted } = incident;
  out.line(`${id}  ${out.moment(openedAt)}  ${out.text(`incident.kind.${kind}`)}`);
  for (const { campaignId, gap } of details.runs ?? [])
    out.say('incident.run', { campaign: campaignId, gap: out.number(gap) });
  if (details.permits) out.say('incident.permits', { count: out.number(details.permits) });
  if (closedAt)
    out.say(accepted ? 'incident.wasAccepted' : 'incident.wasClosed', {
      at: out.moment(closedAt),
      by: closedBy,
      note,
    });
  else out.say('incident.isOpen');
}
