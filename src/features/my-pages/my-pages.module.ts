import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { ServiceMailModule } from '../service-mail/service-mail.module';
import { EmbedController } from './embed/embed.controller';
import { LearnerCookie, OpenIdCookie } from './log-in/learner-cookies';
import { LearnerSessions } from './log-in/learner-sessions';
import { LogInController } from './log-in/log-in.controller';
import { LogInThrottles } from './log-in/log-in-throttles';
import { LoginLinks } from './log-in/login-links';
import { OpenId } from './log-in/open-id';
import { OpenIdController } from './log-in/open-id.controller';
import { People } from './log-in/people';
import { PortalTokens } from './log-in/portal-tokens';
import { SpentTokens } from './log-in/spent-tokens';
import { SweepLearnerLogIns } from './log-in/sweep-learner-log-ins';

@Module({
  imports: [ContactsModule, ServiceMailModule],
  controllers: [LogInController, OpenIdController, EmbedController],
  providers: [
    LearnerCookie,
    LearnerSessions,
    LogInThrottles,
    LoginLinks,
    OpenId,
    OpenIdCookie,
    People,
    PortalTokens,
    SpentTokens,
    SweepLearnerLogIns,
  ],
  exports: [LearnerSessions, PortalTokens, SweepLearnerLogIns],
})
export class MyPagesModule {}
