import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheckService } from '@nestjs/terminus';
import { timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { Env } from '../config/env';
import { Database } from '../database/database';
import { Forbidden } from '../errors';
import { Public } from '../http/access';
import { JobQueue } from '../queues/job-queue';
import { BUILD } from './build';
import { Metrics } from './metrics';

@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(
    private readonly env: Env,
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly metrics: Metrics,
    private readonly health: HealthCheckService,
  ) {}

  /** The process lives; nothing else is asked. */
  @Public()
  @Get('healthz')
  healthz() {
    return { status: 'ok' };
  }

  /** The process can do its work. Redis away is told but does not take a web server out: opt-outs need only Postgres. */
  @Public()
  @Get('readyz')
  async readyz() {
    const checked = await this.health.check([
      async () => {
        await this.database.query('SELECT 1');
        return { database: { status: 'up' } };
      },
    ]);
    return { ...checked, jobs: (await this.queue.healthy()) ? 'up' : 'down' };
  }

  @Public()
  @Get('version')
  version() {
    return BUILD;
  }

  @Public()
  @Get('metrics')
  @Header('Cache-Control', 'no-store')
  async prometheus(@Req() request: Request, @Res() response: Response) {
    if (!this.mayRead(request)) throw new Forbidden('metrics_token_needed');
    response.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }

  private mayRead(request: Request): boolean {
    const token = this.env.METRICS_TOKEN;
    if (!token) return /^(::1|::ffff:127\.|127\.)/.test(request.socket.remoteAddress ?? '');
    const given = Buffer.from(request.get('authorization') ?? '');
    const wanted = Buffer.from(`Bearer ${token}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}
