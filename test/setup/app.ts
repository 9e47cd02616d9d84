import {
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { AuditModule } from '../../src/platform/audit/audit.module';
import { ConfigModule } from '../../src/platform/config/config.module';
import type { Env } from '../../src/platform/config/env';
import { DatabaseModule } from '../../src/platform/database/database.module';
import { Forbidden, Unauthorized } from '../../src/platform/errors';
import { PERMIT, PUBLIC } from '../../src/platform/http/access';
import type { AuthenticatedRequest } from '../../src/platform/http/actor';
import type { Permission } from '../../src/platform/http/permissions';
import { ProblemFilter } from '../../src/platform/http/problem.filter';
import { validationPipe } from '../../src/platform/http/validation';
import { OperationsModule } from '../../src/platform/operations/operations.module';
import { QueuesModule } from '../../src/platform/queues/queues.module';
import { configureHttp } from '../../src/processes/http';

/** Who calls: an id and what it may do, as the accounts room's guard would find out. */
export const asActor = (...permissions: Permission[]): Record<string, string> => ({
  'x-test-actor': permissions.join(' ') || 'nothing',
});

/** Lets a test say who calls, so that a room's routes can be tested without accounts. */
class TestGuard implements CanActivate {
  private readonly reflector = new Reflector();

  canActivate(context: ExecutionContext): boolean {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(PUBLIC, route)) return true;
    const needed = this.reflector.getAllAndOverride<Permission | 'signed-in'>(PERMIT, route);
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const named = request.headers['x-test-actor'];
    if (typeof named !== 'string') throw new Unauthorized('not_signed_in');
    const permissions = new Set(named.split(' ') as Permission[]);
    if (needed !== 'signed-in' && !(needed && permissions.has(needed)))
      throw new Forbidden('forbidden');
    request.actor = {
      type: 'staff',
      id: '01890000-0000-7000-8000-000000000001',
      permissions,
    };
    return true;
  }
}

/** An app of a few rooms, with the parsers, pipe and filter of the real one. Close it in afterAll. */
export async function createTestApp(
  env: Env,
  databaseUrl: string,
  rooms: (Type | DynamicModule)[],
): Promise<NestExpressApplication> {
  const built = await Test.createTestingModule({
    imports: [
      ConfigModule.with(env),
      DatabaseModule.at(databaseUrl),
      AuditModule,
      QueuesModule.with(env),
      OperationsModule,
      ...rooms,
    ],
    providers: [
      { provide: APP_PIPE, useFactory: validationPipe },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_GUARD, useClass: TestGuard },
    ],
  }).compile();
  const app = built.createNestApplication<NestExpressApplication>({
    bodyParser: false,
    logger: false,
  });
  configureHttp(app, env, true);
  await app.init();
  return app;
}
