import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { LinkTokens } from './link-tokens';
import { OptOuts } from './opt-outs';
import { Choices } from './pages/choices';
import { ManualFormController } from './pages/manual-form.controller';
import { OptOutController } from './pages/opt-out.controller';
import { PreferencesController } from './pages/preferences.controller';
import { WhyController } from './pages/why.controller';
import { ReduceMailings } from './reduce-mailings';
import { Registry } from './registry.service';
import { Wordings } from './wordings';

@Module({
  imports: [ContactsModule],
  controllers: [OptOutController, PreferencesController, WhyController, ManualFormController],
  providers: [Registry, OptOuts, ReduceMailings, LinkTokens, Wordings, Choices],
  exports: [Registry, OptOuts, LinkTokens, Wordings],
})
export class RegistryModule {}
