import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { type DailyWindow, nextInWindow, SMS_WINDOW, toDailyWindow } from '../../domain/schedule';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import type { PlannedMessage } from './render-message';
import type { Waiting } from './sending-hours.dto';

/** Which of the waiting messages may go at this hour. */
export interface Due {
  now: PlannedMessage[];
  /** Seconds until the next of the others may; null when there are none. */
  nextIn: number | null;
}

/** When marketing may leave, by the recipient's clock where it is known. What is due at other hours waits. */
@Injectable()
export class SendingHours {
  private readonly hours: Record<Channel, DailyWindow | null>;

  constructor(
    env: Env,
    private readonly clock: Clock,
  ) {
    this.hours = { email: toDailyWindow(env.EMAIL_HOURS), sms: SMS_WINDOW };
  }

  /** Null: at any hour. */
  of(channel: Channel): DailyWindow | null {
    return this.hours[channel];
  }

  due(channel: Channel, waiting: PlannedMessage[]): Due {
    const hours = this.hours[channel];
    if (!hours) return { now: waiting, nextIn: null };
    const at = this.clock.now();
    // Whose address is gone has no hours: that message ends now.
    const opens = waiting.map(({ to, timeZone }) =>
      to === null ? at.getTime() : nextInWindow(at, hours, timeZone ?? undefined).getTime(),
    );
    const later = opens.filter((time) => time > at.getTime());
    return {
      now: waiting.filter((_, index) => opens[index] === at.getTime()),
      nextIn: later.length > 0 ? (Math.min(...later) - at.getTime()) / 1000 : null,
    };
  }

  /** Whether what is due at `start`, or now if that is later, waits, by the clock in Stockholm; null: it does not. */
  waiting(channel: Channel, start: Date | null): Waiting | null {
    const hours = this.hours[channel];
    const due = new Date(Math.max(start?.getTime() ?? 0, this.clock.now().getTime()));
    const until = hours ? nextInWindow(due, hours) : due;
    return hours && until > due ? { ...hours, since: due, until } : null;
  }
}
