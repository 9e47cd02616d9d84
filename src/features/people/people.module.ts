import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { FindPeopleController } from './find-people.controller';
import { SearchPeople } from './search-people';
import { SeenMessages } from './seen-messages';
import { PersonTimeline } from './timeline';

@Module({
  imports: [ContactsModule, DeliveryModule],
  controllers: [FindPeopleController],
  providers: [PersonTimeline, SearchPeople, SeenMessages],
})
export class PeopleModule {}
