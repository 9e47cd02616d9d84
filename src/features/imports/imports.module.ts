import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { RegistryModule } from '../registry/registry.module';
import { EndImport } from './end-import';
import { ImportFiles } from './import-files';
import { ImportRows } from './import-rows';
import { ImportView } from './import-view';
import { ImportsController } from './imports.controller';
import { Imports } from './imports.service';
import { ChangeContact } from './people/change-contact';
import { MergeContacts } from './people/merge-contacts';
import { PeopleController } from './people/people.controller';
import { SyncPeople } from './people/sync-people';
import { WriteContacts } from './people/write-contacts';
import { RunImport } from './run-import';
import { SettleRows } from './settle-rows';
import { SweepImports } from './sweep-imports';
import { TryImport } from './try-import';
import { UndoImport } from './undo-import';
import { UploadInterceptor } from './upload.interceptor';

@Module({
  imports: [ContactsModule, RegistryModule],
  controllers: [ImportsController, PeopleController],
  providers: [
    ChangeContact,
    EndImport,
    ImportFiles,
    ImportRows,
    Imports,
    ImportView,
    MergeContacts,
    RunImport,
    SettleRows,
    SweepImports,
    SyncPeople,
    TryImport,
    UndoImport,
    UploadInterceptor,
    WriteContacts,
  ],
  exports: [ImportFiles, Imports, RunImport, SweepImports],
})
export class ImportsModule {}
