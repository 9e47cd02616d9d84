import { Injectable } from '@nestjs/common';
import { Resolver } from 'node:dns/promises';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Invalid } from '../../platform/errors';

export interface DomainCheck {
  domain: string;
  checkedAt: Date;
  spf: boolean;
  dkim: boolean;
  dmarc: boolean;
  /** What was found, by record; for whoever has to mend it. */
  details: Record<string, string>;
}

const DAY = 86_400_000;

/** Asks DNS for text records; replaced in tests. */
@Injectable()
export class TextRecords {
  private readonly resolver = new Resolver({ timeout: 3_000, tries: 2 });

  /** The records at a name, each joined; none when there is no such name. Throws when DNS does not answer. */
  async at(name: string): Promise<string[]> {
    try {
      return (await this.resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
      throw error;
    }
  }
}

/**
 * Whether mailbox providers will believe that mail from a domain is ours: SPF there, a DKIM key at our selector
 * (aligned, since we sign with the From domain), DMARC with a reporting address. Google, Yahoo and Microsoft ask it of bulk senders.
 */
@Injectable()
export class CheckDomain {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly records: TextRecords,
    private readonly clock: Clock,
  ) {}

  /** Refuses, naming what is missing in DNS, when mailbox providers would not believe the sender. */
  async require(email: string): Promise<void> {
    if (!this.env.domainCheckRequired) return;
    const check = await this.of(email.slice(email.lastIndexOf('@') + 1));
    const missing = (['spf', 'dkim', 'dmarc'] as const).filter((part) => !check[part]);
    if (missing.length === 0) return;
    throw new Invalid('sender_domain_not_authenticated', {
      errors: missing.map((part) => ({
        path: 'senderEmail',
        code: `${part}_missing`,
        message: `${part.toUpperCase()} saknas eller är fel för ${check.domain}`,
      })),
    });
  }

  /** The check of the last 24 hours, or a new one. A DNS that does not answer is a check that failed. */
  async of(domain: string): Promise<DomainCheck> {
    const [known] = await this.db.query<DomainCheck & Record<string, unknown>>(
      `SELECT domain, checked_at AS "checkedAt", spf, dkim, dmarc, details FROM domain_check
       WHERE domain = $1 AND checked_at > $2 AND spf AND dkim AND dmarc`,
      [domain, new Date(this.clock.now().getTime() - DAY)],
    );
    return known ?? this.look(domain);
  }

  /** A new check, whatever the last one found. */
  async look(domain: string): Promise<DomainCheck> {
    const selectors = this.env.DKIM_SELECTOR ? [this.env.DKIM_SELECTOR] : ['s1', 's2'];
    const [spf, dmarc, ...dkim] = await Promise.all([
      this.ask(domain),
      this.ask(`_dmarc.${domain}`),
      ...selectors.map((selector) => this.ask(`${selector}._domainkey.${domain}`)),
    ]);
    const check: DomainCheck = {
      domain,
      checkedAt: this.clock.now(),
      spf: spf!.some((text) => /^v=spf1 /i.test(text)),
      dkim: dkim.flat().some((text) => /(^|;)\s*p=[A-Za-z0-9+/=]{16,}/.test(text)),
      dmarc: dmarc!.some(
        (text) => /^v=DMARC1\b/i.test(text) && /;\s*p=/i.test(text) && /;\s*rua=/i.test(text),
      ),
      details: {
        spf: spf!.join(' | '),
        dmarc: dmarc!.join(' | '),
        dkim: dkim.flat().join(' | ').slice(0, 200),
      },
    };
    await this.db.query(
      `INSERT INTO domain_check (domain, checked_at, spf, dkim, dmarc, details) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (domain) DO UPDATE SET checked_at = EXCLUDED.checked_at, spf = EXCLUDED.spf,
         dkim = EXCLUDED.dkim, dmarc = EXCLUDED.dmarc, details = EXCLUDED.details`,
      [domain, check.checkedAt, check.spf, check.dkim, check.dmarc, JSON.stringify(check.details)],
    );
    return check;
  }

  private async ask(name: string): Promise<string[]> {
    try {
      return await this.records.at(name);
    } catch (error) {
      return [`(no answer: ${(error as NodeJS.ErrnoException).code ?? 'error'})`];
    }
  }
}
