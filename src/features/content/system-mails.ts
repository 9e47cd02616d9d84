import { Injectable } from '@nestjs/common';
import { brandOf, type Brand } from '../../platform/config/brand';
import { Env } from '../../platform/config/env';
import { readSystemTemplates, type SystemTemplate } from './bundled-templates';
import { compileWith } from './compile';
import { layoutOf } from './house-look';
import { joinPieces, parseHoles, renderHoles, type Holes } from './holes';
import { onOneLine } from './lint/text-lint';
import { htmlLiquid, textLiquid } from './liquid';
import { senderFrom } from './sender';
import { systemScope } from './system-scope';

/** The closed list of mails outside the marketing gate. */
export const SYSTEM_MAILS = [
  'confirm-signup',
  'welcome',
  'confirm-choice',
  'confirm-tracking',
  'opt-out-receipt',
  'login-link',
  'already-subscribed',
] as const;

export type SystemMail = (typeof SYSTEM_MAILS)[number];

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

interface Parsed {
  template: SystemTemplate;
  subject: Holes;
  html: Holes;
  text: Holes;
}

/** Renders the system mails. They carry no words that the person who caused them could choose. */
@Injectable()
export class SystemMails {
  private readonly parsed = new Map<string, Promise<Parsed>>();

  constructor(private readonly env: Env) {}

  /** `data` has exactly the fields that the mail's JSON lists, without those of the sender. */
  async render(
    mail: SystemMail,
    language: 'sv' | 'en',
    data: Readonly<Record<string, string | number>>,
  ): Promise<RenderedMail> {
    const { template, subject, html, text } = await this.parse(mail, language);
    const scope = systemScope(template, senderFrom(this.env), data);
    return {
      subject: onOneLine(joinPieces(subject.pieces, renderHoles(subject, scope))),
      html: joinPieces(html.pieces, renderHoles(html, scope)),
      text: joinPieces(text.pieces, renderHoles(text, scope)),
    };
  }

  private parse(mail: SystemMail, language: 'sv' | 'en'): Promise<Parsed> {
    const brand = brandOf(this.env);
    const key = `${mail}.${language}.${JSON.stringify(brand)}`;
    let parsed = this.parsed.get(key);
    if (!parsed) this.parsed.set(key, (parsed = this.compile(mail, language, brand)));
    return parsed;
  }

  private async compile(mail: SystemMail, language: 'sv' | 'en', brand: Brand): Promise<Parsed> {
    const template = readSystemTemplates().find(
      (candidate) => candidate.key === mail && candidate.language === language,
    );
    if (!template) throw new Error(`No system mail ${mail} in ${language}`);
    const layout = layoutOf('system', brand, this.env);
    const rules = { layout, fields: template.fields, optOut: false };
    const { content, problems } = await compileWith(template, senderFrom(this.env), rules);
    if (!content) throw new Error(`System mail ${mail}: ${JSON.stringify(problems)}`);
    return {
      template,
      subject: parseHoles(textLiquid, content.subject),
      html: parseHoles(htmlLiquid, content.html),
      text: parseHoles(textLiquid, content.text),
    };
  }
}
