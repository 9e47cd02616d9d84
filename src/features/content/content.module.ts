import { Module } from '@nestjs/common';
import { BrandModule } from '../../platform/brand/brand.module';
import { ContentRenderer } from './content-renderer';
import { ContentService } from './content.service';
import { SystemMails } from './system-mails';
import { SystemTexts } from './system-texts';
import { TemplatesController } from './templates.controller';
import { Templates } from './templates.service';

@Module({
  imports: [BrandModule],
  providers: [ContentRenderer, ContentService, SystemMails, SystemTexts, Templates],
  controllers: [TemplatesController],
  exports: [ContentRenderer, ContentService, SystemMails, SystemTexts, Templates],
})
export class ContentModule {}
