import type { ReactElement } from 'react';
import type { Env } from '../../../platform/config/env';
import { controllerOf } from '../../../platform/http/controller-details';
import { Page } from '../../../platform/http/page';
import { t, type Language } from '../../../platform/i18n/i18n';
import { SignupFields } from '../forms/form-fields';
import type { OpenForm } from '../forms/signup-forms.service';
import { FirstSteps } from './first-steps';

interface HomePageProps {
  language: Language;
  env: Env;
  form: OpenForm | null;
}

export function HomePage({ language, env, form }: HomePageProps): ReactElement {
  const text = (key: string) => t(language, `signups:home.${key}`, { name: env.CONTROLLER_NAME });
  return (
    <Page
      language={language}
      title={text('title')}
      controller={controllerOf(env)}
      languageLink={`/?lang=${language === 'sv' ? 'en' : 'sv'}`}
    >
      <h1>{text('heading')}</h1>
      <p>{text('who')}</p>
      {env.demo && <FirstSteps language={language} env={env} />}
      {form && (
        <>
          <h2>{form.name}</h2>
          {form.intro && <p>{form.intro}</p>}
          <SignupFields form={form} language={language} env={env} action={`/signup/${form.key}`} />
        </>
      )}
      <h2>{text('more')}</h2>
      <ul>
        <li>
          <a href="/archive">{text('archive')}</a>
        </li>
        <li>
          <a href="/avsluta">{text('stop')}</a>
        </li>
        <li>
          <a href="/policy">{text('policy')}</a>
        </li>
      </ul>
    </Page>
  );
}
