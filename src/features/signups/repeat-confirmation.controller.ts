import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { RepeatConfirmation } from './repeat-confirmation';

@ApiTags('contacts')
@Controller('api/v1/contacts')
export class RepeatConfirmationController {
  constructor(private readonly repeating: RepeatConfirmation) {}

  /** Sends the confirmation mail again to somebody whose sign-up waits for it; at most once a day. */
  @Post(':id/confirmation')
  @HttpCode(202)
  @Permit('contacts:write')
  repeat(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.repeating.run(id, actor);
  }
}
