import { Module } from '@nestjs/common';
import { AddressKeys } from './address-keys';
import { ContactsController } from './contacts.controller';
import { Contacts } from './contacts.service';
import { Organisations } from './organisations.service';
import { OwnData } from './own-data';
import { UpsertContacts } from './upsert-contacts';

@Module({
  controllers: [ContactsController],
  providers: [AddressKeys, Contacts, Organisations, OwnData, UpsertContacts],
  exports: [AddressKeys, Contacts, OwnData],
})
export class ContactsModule {}
