import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  MaxLength,
} from 'class-validator';
import { Optional } from '../../platform/http/validation';

export const WEBHOOK_EVENTS = [
  'opt_out.recorded',
  'opt_out.lifted',
  'consent.recorded',
  'campaign.finished',
  'link.clicked',
  'tracking.ended',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export class WebhookEndpointInput {
  /** https, on the internet. */
  @IsString()
  @MaxLength(500)
  url: string;
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events: WebhookEvent[];
}

export class WebhookEndpointChange {
  /** https, on the internet. */
  @Optional()
  @IsString()
  @MaxLength(500)
  url?: string;
  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events?: WebhookEvent[];
  /** true: nothing is sent, and what happens waits; false: it is sent now. */
  @Optional()
  @IsBoolean()
  paused?: boolean;
}

/** One event for one endpoint. */
export class WebhookDelivery {
  /** The webhook-id, the same at every try. */
  id: string;
  /** One of the endpoint's events, or webhook.test. */
  type: string;
  createdAt: Date;
  attempts: number;
  triedAt: Date | null;
  deliveredAt: Date | null;
  /** When it is tried next; null: not any more, unless it is asked for. */
  nextAt: Date | null;
  /** Null: no answer came. */
  status: number | null;
  /** What was answered, at most 200 characters, or a code of what went wrong. */
  answer: string | null;
}

export class WebhookEndpoint {
  id: string;
  url: string;
  @ApiProperty({ enum: WEBHOOK_EVENTS, isArray: true })
  events: WebhookEvent[];
  createdAt: Date;
  /** Nothing has arrived since then. */
  failingSince: Date | null;
  /** By a person, after three days of failing, or because it said that it is gone (410). */
  pausedAt: Date | null;
  /** Until when the secret before this one is valid, too. */
  previousUntil: Date | null;
  /** Events that it has not been told of yet. */
  waiting: number;
  last: WebhookDelivery | null;
}

export class WebhookEndpointList {
  items: WebhookEndpoint[];
}

export class WebhookSecret {
  /** whsec_…, of Standard Webhooks; not shown again. */
  secret: string;
}

export class NewWebhookEndpoint extends WebhookEndpoint {
  /** whsec_…, of Standard Webhooks; not shown again. */
  secret: string;
}

export class WebhookDeliveryList {
  /** The newest of the last thirty days. */
  items: WebhookDelivery[];
}
