import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { ContentModule } from '../content/content.module';
import { FindAnything } from './find-anything';
import { SearchController } from './search.controller';

@Module({
  imports: [ContactsModule, ContentModule],
  controllers: [SearchController],
  providers: [FindAnything],
})
export class SearchModule {}
