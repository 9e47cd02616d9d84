import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What operators watch. Labels are codes, never ids of people. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly outcomes = this.counter('utskick_outcomes_total', 'Outcomes of messages', [
    'channel',
    'outcome',
  ]);
  readonly withheld = this.counter('utskick_withheld_total', 'Messages withheld at the permit', [
    'reason',
  ]);
  readonly optOuts = this.counter('utskick_opt_outs_total', 'Opt-outs recorded', ['door']);
  /** Links that lead nowhere (404) and noes that could not be recorded (5xx), by status. */
  readonly optOutFaults = this.counter(
    'utskick_opt_out_page_faults_total',
    'Answers of the opt-out page that helped nobody',
    ['status'],
  );
  readonly events = this.counter('utskick_provider_events_total', 'Provider events stored', [
    'type',
  ]);
  readonly forged = this.counter('utskick_webhooks_refused_total', 'Webhook posts refused', [
    'provider',
    'why',
  ]);
  /** A no, a mail for a person to read, or why it was let be. */
  readonly inboundMails = this.counter('utskick_inbound_mails_total', 'Mail to us, by outcome', [
    'became',
  ]);
  readonly openReplies = this.gauge(
    'utskick_open_replies',
    'Replies that wait for a person to read them',
  );
  readonly oldestOpenReply = this.gauge(
    'utskick_oldest_open_reply_seconds',
    'Age of the reply that has waited longest; 0: none waits',
  );
  readonly jobFailures = this.counter('utskick_job_failures_total', 'Jobs that threw', ['kind']);
  readonly handOverSeconds = new Histogram({
    name: 'utskick_hand_over_seconds',
    help: 'Time of one request to the provider',
    labelNames: ['channel'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers: [this.registry],
  });
  /** Audience minus the sum of all places; anything but 0 is a fault. */
  readonly equationGap = this.gauge(
    'utskick_equation_gap',
    'Recipients that the states do not account for',
  );
  /** Messages permitted after an opt-out of the same address or person; anything but 0 is a fault. */
  readonly permitsAfterOptOut = this.gauge(
    'utskick_permits_after_opt_out',
    'Permits given after an acknowledged opt-out',
  );
  readonly databaseDiskUsed = this.gauge(
    'utskick_database_disk_used',
    'How full the disk of the database is, 0 to 1; sending stops at 0.85',
  );
  /** After a comparison; anything but 0 is for a person to look at. */
  readonly listDifference = this.gauge(
    'utskick_provider_list_difference',
    "Addresses that our registry and the provider's list do not agree on",
    ['list', 'side'],
  );
  readonly listsCompared = this.gauge(
    'utskick_provider_lists_compared_timestamp_seconds',
    "When our registry was last compared with the provider's list",
    ['list'],
  );
  readonly listOutbox = this.gauge(
    'utskick_provider_list_outbox',
    "Noes that wait for the provider's list",
  );
  readonly listOutboxAge = this.gauge(
    'utskick_provider_list_outbox_age_seconds',
    "Since when the oldest no waits for the provider's list",
  );
  readonly unhealthy = this.gauge('utskick_unhealthy', 'Settings that make a part refuse to work', [
    'what',
  ]);

  /** 1 while an incident of the kind is open: all sending is held. */
  readonly incidentsOpen = new Gauge({
    name: 'utskick_incidents_open',
    help: 'Broken promises that hold all sending until a person closes the incident',
    labelNames: ['kind'],
    registers: [this.registry],
    collect: () => this.askIncidents(),
  });
  private askIncidents: () => Promise<void> = async () => undefined;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Sets `incidentsOpen` whenever the metrics are read: another process may have opened one. */
  readIncidents(ask: () => Promise<void>): void {
    // With the database away the last answer stands: that it is away is for /readyz to say.
    this.askIncidents = () => ask().catch(() => undefined);
  }

  private counter<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
