import { Body, Controller, Delete, Get, Header, HttpCode, Param } from '@nestjs/common';
import { Post, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Forbidden } from '../../platform/errors';
import { Permit, Public } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { permissionsOf } from '../../platform/http/permissions';
import { LanguageInput, LogInInput, Me, OpenSessions, PasswordInput } from './accounts.dto';
import { ChangePassword } from './change-password';
import { LogIn } from './log-in';
import { SessionCookie } from './session-cookie';
import { Sessions } from './sessions.service';
import { StaffAccounts } from './staff.service';

/** Logging in and out, and one's own sessions and password. */
@Controller('api/v1')
export class SessionController {
  constructor(
    private readonly logIn: LogIn,
    private readonly changePassword: ChangePassword,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly staff: StaffAccounts,
  ) {}

  @Post('session')
  @Public()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async open(
    @Body() input: LogInInput,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Me> {
    const opened = await this.logIn.run({
      email: input.email,
      password: input.password,
      ip: request.ip ?? '',
      earlierToken: this.cookie.read(request),
    });
    this.cookie.set(response, opened.token);
    return this.meAsStaff(opened.staffId);
  }

  @Get('session')
  @Permit('signed-in')
  @Header('Cache-Control', 'no-store')
  async me(@CurrentActor() actor: Actor): Promise<Me> {
    if (actor.type === 'staff') return this.meAsStaff(staffIdOf(actor));
    return { type: 'api_key', id: actor.id!, staff: null, permissions: [...actor.permissions] };
  }

  @Delete('session')
  @Permit('signed-in')
  @HttpCode(204)
  async end(
    @CurrentActor() actor: Actor,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    staffIdOf(actor);
    await this.sessions.end(this.cookie.read(request)!);
    this.cookie.clear(response);
  }

  @Put('session/password')
  @Permit('signed-in')
  @HttpCode(204)
  async password(
    @CurrentActor() actor: Actor,
    @Body() input: PasswordInput,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const token = await this.changePassword.run(actor, staffIdOf(actor), {
      currentPassword: input.currentPassword,
      newPassword: input.newPassword,
      ip: request.ip ?? '',
    });
    this.cookie.set(response, token);
  }

  /** The language of one's own screens. */
  @Put('session/language')
  @Permit('signed-in')
  @Header('Cache-Control', 'no-store')
  async language(@CurrentActor() actor: Actor, @Body() { language }: LanguageInput): Promise<Me> {
    const id = staffIdOf(actor);
    await this.staff.change(id, { language }, actor);
    return this.meAsStaff(id);
  }

  @Get('sessions')
  @Permit('signed-in')
  @Header('Cache-Control', 'no-store')
  async list(@CurrentActor() actor: Actor, @Req() request: Request): Promise<OpenSessions> {
    return { items: await this.sessions.list(staffIdOf(actor), this.cookie.read(request)!) };
  }

  @Delete('sessions/:id')
  @Permit('signed-in')
  @HttpCode(204)
  async revoke(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.sessions.revoke(staffIdOf(actor), id);
  }

  private async meAsStaff(id: string): Promise<Me> {
    const staff = await this.staff.get(id);
    return { type: 'staff', id, staff, permissions: [...permissionsOf(staff.roles)] };
  }
}

/** An API key has no session and no password; a staff actor came with the cookie. */
function staffIdOf(actor: Actor): string {
  if (actor.type !== 'staff' || actor.id === null) throw new Forbidden('staff_only');
  return actor.id;
}
