import { Module } from '@nestjs/common';
import { AddressKeys } from './address-keys';
import { ContactsController } from './contacts.controller';
import { Contacts } from './contacts.service';
import { AgreementsController } from './learning/agreements/agreements.controller';
import { Agreements } from './learning/agreements/agreements.service';
import { AttributeValues } from './learning/attributes/attribute-values';
import { AttributesController } from './learning/attributes/attributes.controller';
import { Attributes } from './learning/attributes/attributes.service';
import { CoursesController } from './learning/courses/courses.controller';
import { Courses } from './learning/courses/courses.service';
import { LearnerEventsController } from './learning/events/learner-events.controller';
import { SendingFirst } from './learning/events/sending-first';
import { TakeLearnerEvents } from './learning/events/take-learner-events';
import { ForgetLearning } from './learning/forget-learning';
import { LearningController } from './learning/known/learning.controller';
import { KnownLearning } from './learning/known/known-learning';
import { Trends } from './learning/known/trends';
import { Organisations } from './organisations.service';
import { OwnData } from './own-data';
import { UpsertContacts } from './upsert-contacts';

@Module({
  controllers: [
    ContactsController,
    AgreementsController,
    AttributesController,
    CoursesController,
    LearnerEventsController,
    LearningController,
  ],
  providers: [
    AddressKeys,
    Agreements,
    AttributeValues,
    Attributes,
    Contacts,
    Courses,
    ForgetLearning,
    KnownLearning,
    Organisations,
    OwnData,
    SendingFirst,
    TakeLearnerEvents,
    Trends,
    UpsertContacts,
  ],
  exports: [
    AddressKeys,
    Agreements,
    AttributeValues,
    Attributes,
    Contacts,
    Courses,
    ForgetLearning,
    KnownLearning,
    Organisations,
    OwnData,
    TakeLearnerEvents,
  ],
})
export class ContactsModule {}
