import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { Permit } from '../../../platform/http/access';
import { CurrentActor, type Actor } from '../../../platform/http/actor';
import { SignupForms } from './signup-forms.service';
import {
  SignupFormChange,
  SignupFormInput,
  SignupFormList,
  SignupFormWithCode,
} from './signup-forms.dto';
import { WithEmbedCode } from './embed-code';

/** Sign-up forms for staff. */
@Controller('api/v1/signup-forms')
export class SignupFormsController {
  constructor(
    private readonly forms: SignupForms,
    private readonly embedCode: WithEmbedCode,
  ) {}

  @Get()
  @Permit('forms:write')
  async list(): Promise<SignupFormList> {
    return { items: await this.forms.list() };
  }

  @Get(':id')
  @Permit('forms:write')
  async get(@Param('id') id: string): Promise<SignupFormWithCode> {
    return this.embedCode.add(await this.forms.get(id));
  }

  @Post()
  @Permit('forms:write')
  async create(
    @Body() input: SignupFormInput,
    @CurrentActor() actor: Actor,
  ): Promise<SignupFormWithCode> {
    return this.embedCode.add(await this.forms.create(input, actor));
  }

  @Patch(':id')
  @Permit('forms:write')
  async change(
    @Param('id') id: string,
    @Body() change: SignupFormChange,
    @CurrentActor() actor: Actor,
  ): Promise<SignupFormWithCode> {
    return this.embedCode.add(await this.forms.change(id, change, actor));
  }
}
