import { Module } from '@nestjs/common';
import { AddressKeys } from './address-keys';
import { ContactsController } from './contacts.controller';
import { Contacts } from './contacts.service';
import { Organisations } from './organisations.service';
import { UpsertContacts } from './upsert-contacts';

@Module({
  controllers: [ContactsController],
  providers: [AddressKeys, Contacts, Organisations, UpsertContacts],
  exports: [AddressKeys, Contacts],
})
export class ContactsModule {}
