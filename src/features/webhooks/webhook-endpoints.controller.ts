import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { DeliverWebhooks } from './deliver-webhooks';
import { WebhookEndpoints } from './webhook-endpoints';
import {
  NewWebhookEndpoint,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointInput,
  WebhookEndpointList,
  WebhookSecret,
} from './webhooks.dto';

/** What we tell other systems, signed as Standard Webhooks say. */
@ApiTags('webhooks')
@Controller('api/v1/webhook-endpoints')
export class WebhookEndpointsController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly deliver: DeliverWebhooks,
  ) {}

  @Get()
  @Permit('api-keys:manage')
  async list(): Promise<WebhookEndpointList> {
    return { items: await this.endpoints.list() };
  }

  /** Told of what happens from now on. Answers with a secret that is shown this once. */
  @Post()
  @Permit('api-keys:manage')
  @Header('Cache-Control', 'no-store')
  create(
    @Body() input: WebhookEndpointInput,
    @CurrentActor() actor: Actor,
  ): Promise<NewWebhookEndpoint> {
    return this.endpoints.create(input, actor);
  }

  @Patch(':id')
  @Permit('api-keys:manage')
  change(
    @Param('id') id: string,
    @Body() change: WebhookEndpointChange,
    @CurrentActor() actor: Actor,
  ): Promise<WebhookEndpoint> {
    return this.endpoints.change(id, change, actor);
  }

  @Delete(':id')
  @Permit('api-keys:manage')
  @HttpCode(204)
  remove(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.endpoints.remove(id, actor);
  }

  /** A new secret, shown this once; for a day everything is signed with the old one, too. */
  @Post(':id/secret')
  @Permit('api-keys:manage')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  rotate(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<WebhookSecret> {
    return this.endpoints.rotate(id, actor);
  }

  /** Sends an event `webhook.test` at once, and tells what was answered. */
  @Post(':id/test')
  @Permit('api-keys:manage')
  @HttpCode(200)
  test(@Param('id') id: string): Promise<WebhookDelivery> {
    return this.deliver.test(id);
  }

  @Get(':id/deliveries')
  @Permit('api-keys:manage')
  async deliveries(@Param('id') id: string): Promise<WebhookDeliveryList> {
    return { items: await this.endpoints.deliveries(id) };
  }

  /** Sends it once more, with the same webhook-id. */
  @Post(':id/deliveries/:delivery/again')
  @Permit('api-keys:manage')
  @HttpCode(200)
  again(@Param('id') id: string, @Param('delivery') delivery: string): Promise<WebhookDelivery> {
    return this.deliver.again(id, delivery);
  }
}
