import { Injectable } from '@nestjs/common';
import { Agreements } from '../../features/contacts/learning/agreements/agreements.service';
import { Organisations } from '../../features/contacts/organisations.service';
import { Clock } from '../../platform/clock';
import { SYSTEM } from '../../platform/http/actor';
import { readRows } from './demo-files';

const DAY = 86_400_000;

/** Names of the companies in a city. */
export const companiesIn = (city: string): Set<string> =>
  new Set([...cities()].flatMap(([name, itsCity]) => (itsCity === city ? [name] : [])));

/** What the companies of the demo have agreed. */
@Injectable()
export class DemoCompanies {
  constructor(
    private readonly organisations: Organisations,
    private readonly agreements: Agreements,
    private readonly clock: Clock,
  ) {}

  async load(): Promise<void> {
    for (const [name, city] of cities())
      await this.organisations.put(idOf(name), { name, city }, SYSTEM);
    const now = this.clock.now().getTime();
    const items = employers().map((name, n) => ({
      externalId: `avtal-${n + 1}`,
      organisation: idOf(name),
      startsOn: dayOf(now - (500 + n * 10) * DAY),
      // Some have ended, some soon will, and some have no end.
      endsOn: n % 5 === 4 ? null : dayOf(now + (n * 35 - 150) * DAY),
    }));
    await this.agreements.putMany(items, SYSTEM);
  }
}

/** Each company's, by its name: where the first of its people is. */
function cities(): Map<string, string> {
  const found = new Map<string, string>();
  for (const { organisation, city } of readRows('contacts'))
    if (!found.has(organisation!)) found.set(organisation!, city!);
  return found;
}

const employers = (): string[] => [
  ...new Set(readRows('learners').map(({ employer }) => employer!)),
];

/** `Gråstens Plåt AB` as grastens-plat-ab. */
function idOf(name: string): string {
  const plain = name.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
