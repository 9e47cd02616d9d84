import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { FeedbackModule } from '../feedback/feedback.module';
import { RegistryModule } from '../registry/registry.module';
import { CasesController } from './cases/cases.controller';
import { Cases } from './cases/cases.service';
import { CloseCase } from './cases/close-case';
import { RecordNo } from './record-no';
import { AnswerReply } from './replies/answer-reply';
import { DeskRepliesController } from './replies/desk-replies.controller';
import { ListReplies } from './replies/list-replies';
import { SearchDesk } from './search-desk';
import { ServiceDeskController } from './service-desk.controller';

@Module({
  imports: [ContactsModule, FeedbackModule, RegistryModule],
  controllers: [CasesController, DeskRepliesController, ServiceDeskController],
  providers: [AnswerReply, Cases, CloseCase, ListReplies, RecordNo, SearchDesk],
  exports: [Cases],
})
export class ServiceDeskModule {}
