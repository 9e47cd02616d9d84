import type { ReactElement } from 'react';
import type { Env } from '../../../platform/config/env';
import { controllerOf } from '../../../platform/http/controller-details';
import { Page } from '../../../platform/http/page';
import { t, type Language } from '../../../platform/i18n/i18n';
import { SignupFields } from '../forms/form-fields';
import type { OpenForm } from '../forms/signup-forms.service';

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
      {env.demo && <FirstSteps language={language} />}
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

const STEPS = [
  { key: 'mailbox', href: '/dev/mailbox' },
  { key: 'stop' },
  { key: 'send', command: 'npm run cli -- campaign send "Höstens kurser"' },
  { key: 'signUp', href: '#email' },
  { key: 'api', href: '/api/docs' },
] as const;

/** For someone who just started the demo: read, say no, see that it holds. */
function FirstSteps({ language }: { language: Language }): ReactElement {
  const text = (key: string) => t(language, `signups:demo.${key}`);
  return (
    <section aria-labelledby="demo" className="card">
      <h2 id="demo">{text('heading')}</h2>
      <p>{text('what')}</p>
      <ol>
        {STEPS.map((step) => (
          <li key={step.key}>
            {'href' in step ? (
              <a href={step.href}>{text(`${step.key}.link`)}</a>
            ) : (
              <strong>{text(`${step.key}.link`)}</strong>
            )}{' '}
            {text(`${step.key}.what`)}
            {'command' in step && (
              <>
                <br />
                <code>{step.command}</code>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
