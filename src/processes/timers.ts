import { Injectable, Logger, type INestApplicationContext } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { SweepLogIns } from '../features/accounts/sweep-log-ins';
import { SweepCampaigns } from '../features/campaigns/sweep-campaigns';
import { ForgetLearning } from '../features/contacts/learning/forget-learning';
import { AuditDelivery } from '../features/delivery/audit-delivery';
import { SettleSilence } from '../features/delivery/settle-silence';
import { SweepDelivery } from '../features/delivery/sweep-delivery';
import { WatchDisk } from '../features/delivery/watch-disk';
import { ApplyEvents } from '../features/feedback/apply-events';
import { CheckOptOutPath } from '../features/feedback/check-opt-out-path';
import { CompareLists } from '../features/feedback/provider-lists/compare-lists';
import { MirrorNoes } from '../features/feedback/provider-lists/mirror-noes';
import { ReadSmsCosts } from '../features/feedback/sms/read-sms-costs';
import { ReconcileSms } from '../features/feedback/sms/reconcile-sms';
import { Replies } from '../features/feedback/replies/replies';
import { WatchFeedback } from '../features/feedback/watch-feedback';
import { SweepImports } from '../features/imports/sweep-imports';
import { SweepLearnerLogIns } from '../features/my-pages/log-in/sweep-learner-log-ins';
import { PhoneCodes } from '../features/my-pages/phone/phone-codes';
import { SealLedger } from '../features/registry/ledger/seal-ledger';
import { CountSegments } from '../features/segments/count-segments';
import { Cases } from '../features/service-desk/cases/cases.service';
import { SweepServiceMail } from '../features/service-mail/sweep-service-mail';
import { SweepSignups } from '../features/signups/sweep-signups';
import { DeliverWebhooks } from '../features/webhooks/deliver-webhooks';
import { Env } from '../platform/config/env';
import { Months } from '../platform/database/months';
import { TimerTurns } from '../platform/queues/timer-turns';

interface Timer {
  name: string;
  /** 0 = off */
  everySeconds: number | ((env: Env) => number);
  run: (app: INestApplicationContext) => Promise<unknown>;
}

/** Timer → call. Each only enqueues or runs short conditional updates. */
export const TIMERS: readonly Timer[] = [
  { name: 'delivery.sweep', everySeconds: 2, run: (app) => app.get(SweepDelivery).run() },
  {
    name: 'delivery.settle-silence',
    everySeconds: 600,
    run: (app) => app.get(SettleSilence).run(),
  },
  { name: 'delivery.watch-disk', everySeconds: 10, run: (app) => app.get(WatchDisk).run() },
  { name: 'delivery.check', everySeconds: 30, run: (app) => app.get(AuditDelivery).run() },
  { name: 'campaigns.sweep', everySeconds: 5, run: (app) => app.get(SweepCampaigns).run() },
  {
    name: 'contacts.sweep-learning',
    everySeconds: 60,
    run: (app) => app.get(ForgetLearning).sweep(),
  },
  { name: 'contacts.retain', everySeconds: 86_400, run: (app) => app.get(ForgetLearning).retain() },
  { name: 'imports.sweep', everySeconds: 5, run: (app) => app.get(SweepImports).run() },
  // Often, since it takes only those that have not been counted today.
  { name: 'segments.count', everySeconds: 900, run: (app) => app.get(CountSegments).run() },
  { name: 'registry.seal', everySeconds: 1, run: (app) => app.get(SealLedger).run() },
  { name: 'service-mail.sweep', everySeconds: 5, run: (app) => app.get(SweepServiceMail).run() },
  { name: 'signups.sweep', everySeconds: 60, run: (app) => app.get(SweepSignups).run() },
  { name: 'feedback.apply', everySeconds: 5, run: (app) => app.get(ApplyEvents).run() },
  { name: 'feedback.watch', everySeconds: 60, run: (app) => app.get(WatchFeedback).run() },
  { name: 'feedback.mirror-noes', everySeconds: 60, run: (app) => app.get(MirrorNoes).run() },
  { name: 'feedback.compare-lists', everySeconds: 60, run: (app) => app.get(CompareLists).turn() },
  { name: 'feedback.sms-costs', everySeconds: 60, run: (app) => app.get(ReadSmsCosts).run() },
  { name: 'feedback.reconcile-sms', everySeconds: 60, run: (app) => app.get(ReconcileSms).run() },
  { name: 'feedback.watch-replies', everySeconds: 60, run: (app) => app.get(Replies).watch() },
  {
    name: 'feedback.forget-replies',
    everySeconds: 86_400,
    run: (app) => app.get(Replies).forget(),
  },
  { name: 'service-desk.forget', everySeconds: 86_400, run: (app) => app.get(Cases).forget() },
  {
    name: 'feedback.check-opt-out',
    everySeconds: (env) => env.OPT_OUT_CHECK_MINUTES * 60,
    run: (app) => app.get(CheckOptOutPath).run(),
  },
  { name: 'database.months', everySeconds: 43_200, run: (app) => app.get(Months).run() },
  {
    name: 'my-pages.sweep',
    everySeconds: 300,
    run: (app) => app.get(SweepLearnerLogIns).run(),
  },
  { name: 'my-pages.phone-codes', everySeconds: 3600, run: (app) => app.get(PhoneCodes).sweep() },
  { name: 'webhooks.deliver', everySeconds: 5, run: (app) => app.get(DeliverWebhooks).run() },
  {
    name: 'webhooks.forget',
    everySeconds: 86_400,
    run: (app) => app.get(DeliverWebhooks).forget(),
  },
  { name: 'accounts.sweep', everySeconds: 300, run: (app) => app.get(SweepLogIns).run() },
];

/** Ticks the timers; a row in Postgres gives the turn, so any number of schedulers may tick. */
@Injectable()
export class Timers {
  private readonly log = new Logger('timers');
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    private readonly schedule: SchedulerRegistry,
    private readonly turns: TimerTurns,
    private readonly env: Env,
  ) {}

  start(app: INestApplicationContext): void {
    for (const timer of TIMERS) {
      const seconds = this.seconds(timer);
      if (seconds === 0) continue;
      let busy = false;
      const tick = () => {
        if (busy || this.stopped) return;
        busy = true;
        const run = this.tick(app, timer).finally(() => {
          busy = false;
          this.running.delete(run);
        });
        this.running.add(run);
      };
      this.schedule.addInterval(timer.name, setInterval(tick, Math.min(seconds, 60) * 1000));
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const { name } of TIMERS) {
      if (this.schedule.doesExist('interval', name)) this.schedule.deleteInterval(name);
    }
    await Promise.all(this.running);
  }

  private async tick(app: INestApplicationContext, timer: Timer): Promise<void> {
    try {
      // A little less than the period, so that clocks that drift apart lose no turn.
      if (await this.turns.take(timer.name, this.seconds(timer) * 0.9)) await timer.run(app);
    } catch (error) {
      this.log.error(`${timer.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private seconds({ everySeconds }: Timer): number {
    return typeof everySeconds === 'number' ? everySeconds : everySeconds(this.env);
  }
}
