import type { Channel } from '../../../domain/address';
import type { Outcome, Timing } from '../../channels/hand-over';
import type { OpenRun } from '../open-runs';
import type { PlannedMessage } from '../render-message';
import type { Due } from '../sending-hours';

/** What a channel needs to know of a run. */
export type CarriedRun = Pick<OpenRun, 'content' | 'email' | 'facts'> & {
  dispatch: Pick<OpenRun['dispatch'], 'campaignId' | 'windowEnd'>;
};

/** What is particular to a channel: how a message of a run is made, when it may go, and how it is handed over. */
export interface Carrier<Recipient extends object = object> {
  readonly channel: Channel;
  /** How many to take a permit for at once. Changes: read it each time. */
  readonly most: number;
  /** Messages per second, all workers together; 0 = no limit. */
  readonly rate: number;
  /** How many waiting messages to look at in order to find as many that may go. */
  readonly looksAt: number;
  due(waiting: PlannedMessage[]): Due;
  /** Throws when it cannot be made for this person; that message alone is then rejected. */
  recipient(message: PlannedMessage, token: string, run: CarriedRun): Recipient;
  /** The same, marked as a test. */
  asTest(recipient: Recipient): Recipient;
  /** One outcome per recipient, in their order. Never rejects. */
  handOver(run: CarriedRun, recipients: Recipient[], timing: Timing): Promise<Outcome[]>;
}
