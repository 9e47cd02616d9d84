import { Module } from '@nestjs/common';
import { BrandModule } from '../../platform/brand/brand.module';
import { Env } from '../../platform/config/env';
import { AssetStore, assetStoreFrom } from './assets/asset-store';
import { AssetsController } from './assets/assets.controller';
import { Assets } from './assets/assets.service';
import { ContentRenderer } from './content-renderer';
import { ContentService } from './content.service';
import { SnippetsController } from './snippets.controller';
import { Snippets } from './snippets.service';
import { SystemMails } from './system-mails';
import { SystemTexts } from './system-texts';
import { TemplatesController } from './templates.controller';
import { Templates } from './templates.service';

@Module({
  imports: [BrandModule],
  providers: [
    Assets,
    { provide: AssetStore, useFactory: assetStoreFrom, inject: [Env] },
    ContentRenderer,
    ContentService,
    Snippets,
    SystemMails,
    SystemTexts,
    Templates,
  ],
  controllers: [AssetsController, SnippetsController, TemplatesController],
  exports: [ContentRenderer, ContentService, SystemMails, SystemTexts, Templates],
})
export class ContentModule {}
