import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessGuard } from '../features/accounts/access.guard';
import { AccountsModule } from '../features/accounts/accounts.module';
import { OriginGuard } from '../features/accounts/origin.guard';
import { CampaignsModule } from '../features/campaigns/campaigns.module';
import { ChannelsModule } from '../features/channels/channels.module';
import { ContactsModule } from '../features/contacts/contacts.module';
import { ContentModule } from '../features/content/content.module';
import { DeliveryModule } from '../features/delivery/delivery.module';
import { FeedbackModule } from '../features/feedback/feedback.module';
import { ImportsModule } from '../features/imports/imports.module';
import { MyPagesModule } from '../features/my-pages/my-pages.module';
import { OverviewModule } from '../features/overview/overview.module';
import { PeopleModule } from '../features/people/people.module';
import { RegistryModule } from '../features/registry/registry.module';
import { SearchModule } from '../features/search/search.module';
import { SegmentsModule } from '../features/segments/segments.module';
import { ServiceDeskModule } from '../features/service-desk/service-desk.module';
import { ServiceMailModule } from '../features/service-mail/service-mail.module';
import { SignupsModule } from '../features/signups/signups.module';
import { WebhooksModule } from '../features/webhooks/webhooks.module';
import { AuditModule } from '../platform/audit/audit.module';
import { ConfigModule } from '../platform/config/config.module';
import type { Env } from '../platform/config/env';
import { DatabaseModule } from '../platform/database/database.module';
import { ProblemFilter } from '../platform/http/problem.filter';
import { validationPipe } from '../platform/http/validation';
import { loggingModule } from '../platform/logging/logging.module';
import { OperationsModule } from '../platform/operations/operations.module';
import { QueuesModule } from '../platform/queues/queues.module';
import { WebAppModule } from '../platform/web-app/web-app.module';
import { TimerTurns } from '../platform/queues/timer-turns';
import { DemoModule } from './demo/demo.module';
import { Timers } from './timers';

/** Everything, wired. What of it runs in a process is decided by its duties (roles.ts). */
@Module({})
export class AppModule {
  static with(env: Env, databaseUrl: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(env),
        DatabaseModule.at(databaseUrl),
        loggingModule(env),
        QueuesModule.with(env),
        ScheduleModule.forRoot(),
        AuditModule,
        OperationsModule,
        AccountsModule,
        ContactsModule,
        ContentModule,
        ChannelsModule,
        RegistryModule,
        ServiceMailModule,
        SignupsModule,
        ImportsModule,
        DeliveryModule,
        SegmentsModule,
        CampaignsModule,
        FeedbackModule,
        WebhooksModule,
        OverviewModule,
        PeopleModule,
        SearchModule,
        ServiceDeskModule,
        MyPagesModule,
        WebAppModule,
        DemoModule,
      ],
      providers: [
        TimerTurns,
        Timers,
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useExisting: OriginGuard },
        { provide: APP_GUARD, useExisting: AccessGuard },
      ],
    };
  }
}
