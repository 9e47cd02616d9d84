import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module';
import { ContentModule } from '../content/content.module';
import { ByMail } from './by-mail';
import { BySms } from './by-sms';
import { SendServiceMail } from './send-service-mail';
import { ServiceMail } from './service-mail.service';
import { SweepServiceMail } from './sweep-service-mail';

@Module({
  imports: [ChannelsModule, ContentModule],
  providers: [ByMail, BySms, SendServiceMail, ServiceMail, SweepServiceMail],
  exports: [SendServiceMail, ServiceMail, SweepServiceMail],
})
export class ServiceMailModule {}
