import { Injectable } from '@nestjs/common';
import { renderToStaticMarkup } from 'react-dom/server';
import { Env } from '../../../platform/config/env';
import { LANGUAGES, type Language } from '../../../platform/i18n/i18n';
import { SignupFields } from './form-fields';
import type { EmbedCode, SignupForm, SignupFormWithCode } from './signup-forms.dto';
import { SignupForms } from './signup-forms.service';

/** The form as HTML for another site: no script, nothing loaded from us, the same words as on our page. */
@Injectable()
export class WithEmbedCode {
  constructor(
    private readonly forms: SignupForms,
    private readonly env: Env,
  ) {}

  async add(form: SignupForm): Promise<SignupFormWithCode> {
    const url = this.env.link(`/signup/${form.key}`);
    const embed: EmbedCode = { sv: '', en: '' };
    for (const language of LANGUAGES) embed[language] = await this.html(form.key, language, url);
    return Object.assign(form, { url, embed });
  }

  private async html(key: string, language: Language, action: string): Promise<string> {
    const form = await this.forms.open(key, language);
    // A closed form, or one whose topics are all archived, has nothing to embed.
    if (!form) return '';
    return renderToStaticMarkup(
      <SignupFields form={form} language={language} env={this.env} action={action} />,
    );
  }
}
