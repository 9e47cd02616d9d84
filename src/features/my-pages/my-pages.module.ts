import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { ContentModule } from '../content/content.module';
import { RegistryModule } from '../registry/registry.module';
import { ServiceMailModule } from '../service-mail/service-mail.module';
import { ChangeChoices } from './choices/change-choices';
import { Consents } from './choices/consents';
import { MyPreferences } from './choices/my-preferences';
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
import { MeController } from './me.controller';
import { MyMessages } from './messages/my-messages';
import { MyPageController } from './pages/my-page.controller';
import { PhoneController } from './pages/phone.controller';
import { OwnNumber } from './phone/own-number';
import { PhoneCodes } from './phone/phone-codes';

@Module({
  imports: [ContactsModule, ContentModule, RegistryModule, ServiceMailModule],
  controllers: [
    LogInController,
    OpenIdController,
    EmbedController,
    MeController,
    MyPageController,
    PhoneController,
  ],
  providers: [
    ChangeChoices,
    Consents,
    LearnerCookie,
    LearnerSessions,
    LogInThrottles,
    LoginLinks,
    MyMessages,
    MyPreferences,
    OpenId,
    OpenIdCookie,
    OwnNumber,
    People,
    PhoneCodes,
    PortalTokens,
    SpentTokens,
    SweepLearnerLogIns,
  ],
  exports: [
    LearnerSessions,
    MyPreferences,
    OwnNumber,
    PhoneCodes,
    PortalTokens,
    SweepLearnerLogIns,
  ],
})
export class MyPagesModule {}
