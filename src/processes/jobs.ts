import type { INestApplicationContext } from '@nestjs/common';
import { LaunchCampaign } from '../features/campaigns/launch-campaign';
import { HandOverBatch } from '../features/delivery/hand-over-batch';
import { ApplyEvents } from '../features/feedback/apply-events';
import { CheckOptOutPath } from '../features/feedback/check-opt-out-path';
import { RunImport } from '../features/imports/run-import';
import { SendServiceMail } from '../features/service-mail/send-service-mail';
import { SettleSignup } from '../features/signups/settle-signup';
import { Env } from '../platform/config/env';
import type { JobHandlers } from '../platform/queues/jobs';

/** Job → call. */
export function jobHandlers(app: INestApplicationContext): JobHandlers {
  return {
    'campaigns.launch': async (id) => {
      // Nobody is written to before it is seen that they can leave; a fault holds the channel.
      if (app.get(Env).OPT_OUT_CHECK_MINUTES > 0) await app.get(CheckOptOutPath).run();
      await app.get(LaunchCampaign).run(id);
    },
    'imports.run': (id) => app.get(RunImport).run(id),
    'delivery.hand-over': (id) => app.get(HandOverBatch).run(id),
    'signups.settle': (id) => app.get(SettleSignup).run(id),
    'service-mail.send': (id) => app.get(SendServiceMail).run(id),
    'feedback.apply': () => app.get(ApplyEvents).run(),
  };
}
