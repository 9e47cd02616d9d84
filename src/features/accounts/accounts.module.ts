import { Module } from '@nestjs/common';
import { AccessGuard } from './access.guard';
import { AdministrationController } from './administration.controller';
import { ApiKeys } from './api-keys.service';
import { AuditTrail } from './audit-trail.queries';
import { ChangePassword } from './change-password';
import { CreateAdmin } from './create-admin';
import { Credentials } from './credentials';
import { LogIn } from './log-in';
import { LogInThrottle } from './log-in-throttle';
import { OriginGuard } from './origin.guard';
import { SessionController } from './session.controller';
import { SessionCookie } from './session-cookie';
import { Sessions } from './sessions.service';
import { StaffAccounts } from './staff.service';
import { SweepLogIns } from './sweep-log-ins';

/** The processes register both guards for every route. */
@Module({
  controllers: [SessionController, AdministrationController],
  providers: [
    AccessGuard,
    OriginGuard,
    ApiKeys,
    AuditTrail,
    ChangePassword,
    CreateAdmin,
    Credentials,
    LogIn,
    LogInThrottle,
    SessionCookie,
    Sessions,
    StaffAccounts,
    SweepLogIns,
  ],
  exports: [AccessGuard, OriginGuard, CreateAdmin, StaffAccounts, SweepLogIns],
})
export class AccountsModule {}
