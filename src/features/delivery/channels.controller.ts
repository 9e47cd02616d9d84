import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { Conflict, NotFound } from '../../platform/errors';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { CHANNELS } from '../registry/ledger/ledger-act';
import { ChannelState } from './channel-state';
import { ChannelList } from './channels.dto';
import { Incidents } from './incidents';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('api/v1/channels')
export class ChannelsController {
  constructor(
    private readonly db: Database,
    private readonly channels: ChannelState,
    private readonly incidents: Incidents,
    private readonly audit: Audit,
  ) {}

  /** Whether each channel sends now, and if not why: a provider that does not answer, or a hold. */
  @Get()
  @Permit('operations:read')
  async list(): Promise<ChannelList> {
    return { items: await this.channels.list() };
  }

  /** Lets a held channel go on, after a person has mended what held it; not while an incident is open. */
  @Post(':channel/release')
  @HttpCode(200)
  @Permit('operations:manage')
  async release(
    @Param('channel') channel: string,
    @CurrentActor() actor: Actor,
  ): Promise<ChannelList> {
    if (!CHANNELS.some((known) => known === channel)) throw new NotFound('unknown_channel');
    await this.db.tx(async (tx) => {
      await this.channels.release(tx, channel);
      // After the row is locked: an incident opened meanwhile holds it again, or is seen here.
      if ((await this.incidents.open(tx)).length > 0) throw new Conflict('incident_open');
      await this.audit.record(tx, actor, 'channel.released', { type: 'channel', id: channel });
    });
    return { items: await this.channels.list() };
  }
}
