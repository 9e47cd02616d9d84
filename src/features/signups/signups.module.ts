import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { RegistryModule } from '../registry/registry.module';
import { ServiceMailModule } from '../service-mail/service-mail.module';
import { ConfirmSignup } from './confirm-signup';
import { WithEmbedCode } from './forms/embed-code';
import { SignupFormsController } from './forms/signup-forms.controller';
import { SignupConsents } from './signup-consents';
import { SignupForms } from './forms/signup-forms.service';
import { KeepTopics } from './keep-topics';
import { ConfirmController } from './pages/confirm.controller';
import { HomeController } from './pages/home.controller';
import { KeepTopicsController } from './pages/keep-topics.controller';
import { SignupController } from './pages/signup.controller';
import { RepeatConfirmation } from './repeat-confirmation';
import { RepeatConfirmationController } from './repeat-confirmation.controller';
import { RequestSignup } from './request-signup';
import { SettleSignup } from './settle-signup';
import { SignupMails } from './signup-mails';
import { SignupThrottle } from './signup-throttle';
import { SweepSignups } from './sweep-signups';

@Module({
  imports: [ContactsModule, RegistryModule, ServiceMailModule],
  controllers: [
    HomeController,
    SignupController,
    ConfirmController,
    KeepTopicsController,
    SignupFormsController,
    RepeatConfirmationController,
  ],
  providers: [
    ConfirmSignup,
    KeepTopics,
    RepeatConfirmation,
    RequestSignup,
    SettleSignup,
    SignupConsents,
    SignupForms,
    SignupMails,
    SignupThrottle,
    SweepSignups,
    WithEmbedCode,
  ],
  exports: [SettleSignup, SignupForms, SweepSignups],
})
export class SignupsModule {}
