import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import {
  ChangesQuery,
  OptOutRecorded,
  RecordOptOut as RecordOptOutInput,
  RegistryChanges as RegistryChangesPage,
} from './opt-outs.dto';
import { RecordOptOut } from './record-opt-out';
import { RegistryChanges } from './registry-changes';

@ApiTags('registry')
@Controller('api/v1/opt-outs')
export class OptOutsController {
  constructor(
    private readonly recordOptOut: RecordOptOut,
    private readonly registryChanges: RegistryChanges,
  ) {}

  /** Records a no. When this answers, it is in force: no message to the person is released after it. */
  @Post()
  @HttpCode(200)
  @Permit('opt-outs:record')
  record(@Body() input: RecordOptOutInput, @CurrentActor() actor: Actor): Promise<OptOutRecorded> {
    return this.recordOptOut.run(input, actor);
  }

  /** Everything that changed what an address may get, in order, for other systems to obey. */
  @Get('changes')
  @Permit('registry:read')
  changes(@Query() query: ChangesQuery): Promise<RegistryChangesPage> {
    return this.registryChanges.after(query);
  }
}
