import { Body, Controller, Delete, Get, Header, HttpCode, Param } from '@nestjs/common';
import { Patch, Post, Query } from '@nestjs/common';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { ApiKeyInput, ApiKeyList, AuditPage, AuditQuery, NewApiKey } from './accounts.dto';
import { NewStaff, Staff, StaffChange, StaffInput, StaffList } from './accounts.dto';
import { ApiKeys } from './api-keys.service';
import { AuditTrail } from './audit-trail.queries';
import { StaffAccounts } from './staff.service';

/** Staff, API keys and the audit trail. */
@Controller('api/v1')
export class AdministrationController {
  constructor(
    private readonly staff: StaffAccounts,
    private readonly apiKeys: ApiKeys,
    private readonly auditTrail: AuditTrail,
  ) {}

  @Get('staff')
  @Permit('staff:manage')
  async listStaff(): Promise<StaffList> {
    return { items: await this.staff.list() };
  }

  /** Answers with a password that is shown this once. */
  @Post('staff')
  @Permit('staff:manage')
  @Header('Cache-Control', 'no-store')
  createStaff(@Body() input: StaffInput, @CurrentActor() actor: Actor): Promise<NewStaff> {
    return this.staff.create(input, actor);
  }

  @Patch('staff/:id')
  @Permit('staff:manage')
  changeStaff(
    @Param('id') id: string,
    @Body() change: StaffChange,
    @CurrentActor() actor: Actor,
  ): Promise<Staff> {
    return this.staff.change(id, change, actor);
  }

  /** For someone who forgot theirs: a new password, shown this once; ends the person's sessions. */
  @Post('staff/:id/password')
  @Permit('staff:manage')
  @Header('Cache-Control', 'no-store')
  resetPassword(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<NewStaff> {
    return this.staff.resetPassword(id, actor);
  }

  @Get('api-keys')
  @Permit('api-keys:manage')
  async listApiKeys(): Promise<ApiKeyList> {
    return { items: await this.apiKeys.list() };
  }

  /** Answers with a key that is shown this once. */
  @Post('api-keys')
  @Permit('api-keys:manage')
  @Header('Cache-Control', 'no-store')
  createApiKey(@Body() input: ApiKeyInput, @CurrentActor() actor: Actor): Promise<NewApiKey> {
    return this.apiKeys.create(input, actor);
  }

  @Delete('api-keys/:id')
  @Permit('api-keys:manage')
  @HttpCode(204)
  revokeApiKey(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.apiKeys.revoke(id, actor);
  }

  /** Newest first. */
  @Get('audit')
  @Permit('audit:read')
  listAudit(@Query() query: AuditQuery): Promise<AuditPage> {
    return this.auditTrail.page(query);
  }
}
