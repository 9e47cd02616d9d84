import { Injectable } from '@nestjs/common';
import type { Channel } from '../../../domain/address';
import type { Carrier } from './carrier';
import { EmailCarrier } from './email-carrier';
import { SmsCarrier } from './sms-carrier';

@Injectable()
export class Carriers {
  constructor(
    private readonly email: EmailCarrier,
    private readonly sms: SmsCarrier,
  ) {}

  of(channel: Channel): Carrier {
    return channel === 'email' ? this.email : this.sms;
  }
}
