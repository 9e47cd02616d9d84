import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { t, type Language } from '../../platform/i18n/i18n';
import { CliFault } from './cli-fault';
import type { CliIo } from './io';
import { ProgressBar } from './progress-bar';

/** What the tool writes and asks, in the language chosen. */
export class Terminal {
  private readonly locale: string;
  private readonly numbers: Intl.NumberFormat;
  private readonly moments: Intl.DateTimeFormat;

  constructor(
    private readonly io: CliIo,
    readonly language: Language,
  ) {
    this.locale = language === 'sv' ? 'sv-SE' : 'en-GB';
    this.numbers = new Intl.NumberFormat(this.locale);
    // The Swedish form, year first, is read the same way everywhere.
    this.moments = new Intl.DateTimeFormat('sv-SE', {
      dateStyle: 'short',
      timeStyle: 'short',
      timeZone: 'Europe/Stockholm',
    });
  }

  text(key: string, values: Record<string, unknown> = {}): string {
    return t(this.language, `cli:${key}`, values);
  }

  say(key: string, values: Record<string, unknown> = {}): void {
    this.line(this.text(key, values));
  }

  line(text = ''): void {
    this.io.stdout.write(`${text}\n`);
  }

  /** As it is; waits when whoever reads is slower. */
  async raw(text: string): Promise<void> {
    if (!this.io.stdout.write(text)) await once(this.io.stdout, 'drain');
  }

  /** Where an act came in, in words. */
  door(door: string): string {
    return t(this.language, `registry:doors.${door}`);
  }

  /** Columns side by side; those named in `right` stand flush right. The last one is not padded. */
  table(rows: string[][], right: number[] = []): void {
    const widths: number[] = [];
    for (const row of rows) {
      row.forEach((cell, n) => (widths[n] = Math.max(widths[n] ?? 0, cell.length)));
    }
    for (const row of rows) {
      const cells = row.map((cell, n) =>
        right.includes(n) ? cell.padStart(widths[n]!) : cell.padEnd(widths[n]!),
      );
      this.line(`  ${cells.join('  ')}`.trimEnd());
    }
  }

  number(value: number): string {
    return this.numbers.format(value).replace(/\u00a0/g, ' ');
  }

  /** `1 234,50 kr`. */
  money(amount: number, currency: string): string {
    const format = new Intl.NumberFormat(this.locale, { style: 'currency', currency });
    return format.format(amount).replace(/[\u00a0\u202f]/g, ' ');
  }

  /** Minutes, in Swedish time. */
  moment(at: Date | null): string {
    return at ? this.moments.format(at) : '–';
  }

  bar(): ProgressBar {
    return new ProgressBar(this.io.stdout);
  }

  /** What was given; `-` stands for what comes by standard input, which no shell keeps a history of. */
  async typed(argument: string): Promise<string> {
    if (argument !== '-') return argument;
    let text = '';
    for await (const piece of this.io.stdin) text += String(piece);
    return text.trim();
  }

  /** A yes or no from the keyboard. Where nobody sits at it, `--yes` must have said so. */
  async confirm(question: string): Promise<boolean> {
    const { stdin, stdout } = this.io;
    if (!stdin.isTTY) throw new CliFault('needs_yes', this.text('fault.needs_yes'));
    const reader = createInterface({ input: stdin, output: stdout });
    try {
      const answer = await reader.question(`${question} [${this.text('yesOrNo')}] `);
      return ['j', 'ja', 'y', 'yes'].includes(answer.trim().toLowerCase());
    } finally {
      reader.close();
    }
  }
}
