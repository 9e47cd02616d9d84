import type { AcknowledgedOptOut } from '../checker/history';
import { inboundCall } from '../../provider-stub/twilio-stub';
import { API_KEY, type Crowd, type Person } from './people';
import { pause } from './product-process';
import type { Provider } from './provider';
import { postSigned } from './twilio-side';

const PATIENCE_MS = 20_000;

const CONTENT = {
  email: { templateKey: 'enkel' },
  sms: { channel: 'sms', body: 'Hej {{ contact.first_name }}! Nya kurser är här.' },
};

export interface Answer {
  status: number;
  body: string;
}

/** The product as everybody else sees it: over HTTP. Status 0 = no answer. */
export class Doors {
  /** What was acknowledged, by our own watch: the list the registry is held against. */
  readonly optOuts: AcknowledgedOptOut[] = [];
  readonly slowest = { milliseconds: 0, door: '' };
  private readonly waiting = new Map<string, number>();
  private stopped = false;
  private waited = 0;
  private calls = 0;

  constructor(readonly url: string) {}

  /** As the product knows itself (settings.ts). */
  private get publicUrl(): string {
    return `http://localhost:${new URL(this.url).port}`;
  }

  async api(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    return this.ask(`/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** Asks again until an answer comes that is not the server's own fault. */
  async apiSurely(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    for (;;) {
      const answer = await this.api(method, path, body);
      if (answer.status !== 0 && answer.status < 500) return answer;
      await pause(400);
    }
  }

  async create({ topicId, channel }: Crowd, name: string): Promise<string> {
    const answer = await this.apiSurely('POST', '/campaigns', {
      name,
      topicId,
      ...CONTENT[channel],
    });
    if (answer.status !== 201) throw new Error(`campaign not made: ${answer.body}`);
    return (JSON.parse(answer.body) as { id: string }).id;
  }

  /** 409 = it was launched by an earlier click whose answer was lost. */
  async launch(id: string): Promise<void> {
    const { status, body } = await this.apiSurely('POST', `/campaigns/${id}/launch`, {});
    if (status !== 202 && status !== 409) throw new Error(`campaign not launched: ${body}`);
  }

  /** By the link of a mail when there is one, else by the address; tried until it is acknowledged. */
  async optOut(person: Person, token: string | null): Promise<void> {
    this.waiting.set(person.key, (this.waiting.get(person.key) ?? 0) + 1);
    try {
      // Everybody waits longer each time, and not equally long: a thousand at once would drown the page in retries.
      for (let tries = 1; !(await this.optOutOnce(person, token)) && !this.stopped; tries += 1)
        await pause(Math.min(8_000, 500 * 2 ** tries) + (this.waited++ % 97) * 15);
    } finally {
      const left = this.waiting.get(person.key)! - 1;
      if (left === 0) this.waiting.delete(person.key);
      else this.waiting.set(person.key, left);
    }
  }

  async optOutOnce(person: Person, token: string | null): Promise<boolean> {
    const askedAt = Date.now();
    const { door, status, body } = await this.sayNo(person, token);
    if (status !== 200) {
      if (status !== 0 && status < 500) throw new Error(`a no was refused: ${status} ${body}`);
      return false;
    }
    const ackedAt = Date.now();
    this.optOuts.push({ address: person.key, door, askedAt, ackedAt });
    if (ackedAt - askedAt > this.slowest.milliseconds)
      Object.assign(this.slowest, { milliseconds: ackedAt - askedAt, door });
    return true;
  }

  /** By link; else a number answers STOPP as often as its owner calls us, and who has a mailbox calls. */
  private async sayNo(
    { address, channel }: Person,
    token: string | null,
  ): Promise<Answer & { door: string }> {
    if (token !== null) {
      const answer = await this.ask(`/${channel === 'sms' ? 's' : 'u'}/${token}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      });
      return { ...answer, door: channel === 'sms' ? 'sms_link' : 'one_click' };
    }
    if (channel === 'sms' && this.calls++ % 2 === 0) {
      const call = inboundCall(`${this.publicUrl}/webhooks/twilio/inbound`, address, 'Stopp!');
      return { status: await postSigned(this.url, call), body: '', door: 'sms_keyword' };
    }
    const answer = await this.api('POST', '/opt-outs', { address, door: 'service_desk' });
    return { ...answer, door: 'service_desk' };
  }

  get unanswered(): string[] {
    return [...this.waiting.keys()];
  }

  giveUp(): void {
    this.stopped = true;
  }

  async isReady(): Promise<boolean> {
    return (await this.ask('/readyz', {})).status === 200;
  }

  private async ask(path: string, init: RequestInit): Promise<Answer> {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const response = await fetch(this.url + path, { ...init, redirect: 'manual', signal });
      return { status: response.status, body: await response.text() };
    } catch {
      // The process is being killed, or does not answer; whoever asks decides what to do about it.
      return { status: 0, body: '' };
    }
  }
}

/** The link of any mail that the provider took for this person. */
export function linksByPerson(
  provider: Provider,
  rows: readonly { id: string; key: string }[],
): Map<string, string> {
  const links = new Map<string, string>();
  for (const { id, key } of rows) {
    const link = provider.links.get(id);
    if (link) links.set(key, link);
  }
  return links;
}
