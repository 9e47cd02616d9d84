import { IsBoolean, IsString, Length } from 'class-validator';
import { Optional } from '../../platform/http/validation';

export const INCIDENT_KINDS = ['equation_gap', 'permit_after_opt_out'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** A person's word that an incident has been dealt with. */
export class CloseIncidentInput {
  /** What was found and done, for whoever looks into it later; no names and no addresses. */
  @IsString()
  @Length(1, 1000)
  note: string;
  /** The fact stands and cannot be undone, and has been dealt with: it is not raised again. */
  @Optional()
  @IsBoolean()
  accept?: boolean;
}

/** A run whose numbers do not add up. */
export class EquationGap {
  dispatchId: string;
  campaignId: string;
  gap: number;
}

/** What was found: ids and counts. */
export class IncidentDetails {
  runs?: EquationGap[];
  /** The first thousand. */
  messageIds?: string[];
  permits?: number;
  /** The incident that was closed while this still stood. */
  reopens?: string;
}

export class Incident {
  id: string;
  kind: IncidentKind;
  openedAt: Date;
  details: IncidentDetails;
  closedAt: Date | null;
  closedBy: string | null;
  note: string | null;
  /** Closed though the fact stands, by somebody who has looked into it; it is not raised again. */
  accepted: boolean;
}

export class IncidentList {
  /** The open ones first. */
  items: Incident[];
}

export class Closing {
  closed: Incident;
  /** The incident opened instead, when the fault still stands: sending stays held. */
  reopened: Incident | null;
}
