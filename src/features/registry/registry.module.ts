import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { Explain } from './explain';
import { Grounds } from './grounds';
import { ExportRegistry } from './ledger/export-registry';
import { SealLedger } from './ledger/seal-ledger';
import { VerifyRegistry } from './ledger/verify-registry';
import { LinkTokens } from './link-tokens';
import { OptOutReasons } from './opt-out-reasons';
import { OptOuts } from './opt-outs';
import { OptOutsController } from './opt-outs.controller';
import { Choices } from './pages/choices';
import { FindLink } from './pages/find-link';
import { ManualFormController } from './pages/manual-form.controller';
import { OptOutController } from './pages/opt-out.controller';
import { PolicyController } from './pages/policy.controller';
import { PreferencesController } from './pages/preferences.controller';
import { ReasonController } from './pages/reason.controller';
import { WhyController } from './pages/why.controller';
import { RecordOptOut } from './record-opt-out';
import { ReduceMailings } from './reduce-mailings';
import { RegistryChanges } from './registry-changes';
import { RegistryController } from './registry.controller';
import { Registry } from './registry.service';
import { RestrictContact } from './restrict-contact';
import { RestrictionsController } from './restrictions.controller';
import { TopicsController } from './topics.controller';
import { Topics } from './topics.service';
import { TrackingConsents } from './tracking-consents';
import { Wordings } from './wordings';

const FOR_OTHERS = [
  Registry,
  OptOuts,
  Grounds,
  Topics,
  Wordings,
  TrackingConsents,
  LinkTokens,
  FindLink,
  Explain,
  SealLedger,
  ExportRegistry,
  VerifyRegistry,
];

@Module({
  imports: [ContactsModule],
  controllers: [
    OptOutController,
    ReasonController,
    PreferencesController,
    WhyController,
    ManualFormController,
    PolicyController,
    OptOutsController,
    RestrictionsController,
    RegistryController,
    TopicsController,
  ],
  providers: [
    ...FOR_OTHERS,
    OptOutReasons,
    RecordOptOut,
    RestrictContact,
    ReduceMailings,
    RegistryChanges,
    Choices,
  ],
  exports: FOR_OTHERS,
})
export class RegistryModule {}
