import { Test } from '@nestjs/testing';
import { AuditModule } from '../../../src/platform/audit/audit.module';
import { ConfigModule } from '../../../src/platform/config/config.module';
import { loadEnv } from '../../../src/platform/config/load-env';
import { Database } from '../../../src/platform/database/database';
import { DatabaseModule } from '../../../src/platform/database/database.module';
import { OperationsModule } from '../../../src/platform/operations/operations.module';
import { QueuesModule } from '../../../src/platform/queues/queues.module';
import { JobQueue } from '../../../src/platform/queues/job-queue';
import { LaunchCampaign } from '../../../src/features/campaigns/launch-campaign';
import { HandOverBatch } from '../../../src/features/delivery/hand-over-batch';
import { ApplyEvents } from '../../../src/features/feedback/apply-events';
import { Demo } from '../../../src/processes/demo/demo';
import { DemoModule } from '../../../src/processes/demo/demo.module';
import { createTestDatabase } from '../../setup/database';


it('loads', async () => {
  const database = await createTestDatabase();
  const env = loadEnv({ NODE_ENV: "test", PORT: "0", PUBLIC_URL: "http://localhost:3000", LOG_LEVEL: "silent", ADDRESS_KEYS: "v1:dGVzdC1wZXBwZXItb25lLXRlc3QtcGVwcGVyLW9uZQ==", LINK_KEYS: "v1:dGVzdC1saW5rLWtleS10ZXN0LWxpbmsta2V5LXRlc3Q=", SESSION_SECRET: "a-secret-for-tests-that-is-long-enough", DATABASE_URL: database.url, APPROVAL_ABOVE: '100', DEMO: 'true' });
  const built = await Test.createTestingModule({
    imports: [ConfigModule.with(env), DatabaseModule.at(database.url), AuditModule, QueuesModule.with(env), OperationsModule, DemoModule],
  }).compile();
  const app = built.createNestApplication({ logger: ['error', 'warn'] });
  await app.init();
  await app.get(JobQueue).work({
    'campaigns.launch': (id: string) => app.get(LaunchCampaign).run(id),
    'delivery.hand-over': (id: string) => app.get(HandOverBatch).run(id),
    'feedback.apply': () => app.get(ApplyEvents).run(),
  } as never, { campaigns: 1, sending: 4, feedback: 1 } as never);
  for (let i = 0; i < 2; i++) {
    const t0 = performance.now();
    const lines = await app.get(Demo).load();
    console.log(Math.round(performance.now() - t0), 'ms\n' + lines.join('\n'));
  }
  const db = app.get(Database);
  console.log(JSON.stringify(await db.query(`SELECT c.name, m.state, m.reason, count(*) FROM message m JOIN dispatch d ON d.id=m.dispatch_id JOIN campaign c ON c.id=d.campaign_id GROUP BY 1,2,3 ORDER BY 1,4 DESC`)).replace(/\},/g, '},\n'));
  console.log(JSON.stringify(await db.query(`SELECT kind, door, count(*), min(at), max(at) FROM ledger_entry GROUP BY 1,2 ORDER BY 3 DESC`)).replace(/\},/g, '},\n'));
  console.log(JSON.stringify(await db.query(`SELECT subject_id, at FROM audit_entry WHERE subject_type='demo' ORDER BY id`)).replace(/\},/g, '},\n'));
  console.log(JSON.stringify(await db.query(`SELECT count(*), pg_size_pretty(pg_total_relation_size('mailbox_message')) s, pg_size_pretty(pg_database_size(current_database())) d FROM mailbox_message`)));
  await app.close();
  await database.drop();
}, 120000);
