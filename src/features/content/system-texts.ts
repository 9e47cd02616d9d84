import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { readSystemTexts } from './bundled-templates';
import { textLiquid } from './liquid';
import { senderFrom } from './sender';
import { systemScope } from './system-scope';

/** The closed list of text messages outside the marketing gate. */
export const SYSTEM_TEXTS = ['phone-code'] as const;

export type SystemTextKey = (typeof SYSTEM_TEXTS)[number];

/** Renders the system text messages. They name nobody: whoever holds the telephone reads them. */
@Injectable()
export class SystemTexts {
  private readonly texts = readSystemTexts();

  constructor(private readonly env: Env) {}

  /** The whole text, NFC. `data` has exactly the fields that the text's JSON lists, without those of the sender. */
  render(
    key: SystemTextKey,
    language: 'sv' | 'en',
    data: Readonly<Record<string, string | number>>,
  ): string {
    const text = this.texts.find((one) => one.key === key && one.language === language);
    if (!text) throw new Error(`No system text ${key} in ${language}`);
    const scope = systemScope(text, senderFrom(this.env), data);
    return String(textLiquid.parseAndRenderSync(text.body, scope)).normalize('NFC');
  }
}
