import { Controller, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { RestrictContact } from './restrict-contact';
import { RestrictionRecorded } from './restrictions.dto';

@ApiTags('registry')
@Controller('api/v1/contacts')
export class RestrictionsController {
  constructor(private readonly restrict: RestrictContact) {}

  /** Restricts processing, as the person has asked: from the answer on nothing is sent to them and no segment holds them. */
  @Put(':id/restriction')
  @Permit('opt-outs:record')
  put(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<RestrictionRecorded> {
    return this.restrict.run(id, actor);
  }
}
