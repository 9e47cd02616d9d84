import type { ReactElement } from 'react';
import { MARKETING_PURPOSES, POLICY_VERSION } from '../../../domain/policy';
import { controllerOf } from '../../../platform/http/controller-details';
import { ContactLinks } from '../../../platform/http/page';
import { t } from '../../../platform/i18n/i18n';
import { Framed, type Frame } from './frame';

const KINDS = ['company', 'learner', 'newsletter', 'support'];
const RIGHTS = ['object', 'access', 'correct', 'restrict', 'complain'];

/** Whose data, why, on what ground, how long, who gets it, and which rights (GDPR 13 and 14). */
export function PolicyPage({ language, env }: Frame): ReactElement {
  const text = (key: string) =>
    t(language, `registry:policy.${key}`, {
      name: env.CONTROLLER_NAME,
      authority: env.AUTHORITY,
      version: POLICY_VERSION,
    });
  return (
    <Framed language={language} env={env} title={text('title')}>
      <p>{text('who')}</p>
      <p className="soft">{text('version')}</p>
      <h2>{text('dataTitle')}</h2>
      <dl>
        {KINDS.map((kind) => (
          <div key={kind}>
            <dt>{text(`data.${kind}.of`)}</dt>
            <dd>{text(`data.${kind}.what`)}</dd>
          </div>
        ))}
      </dl>
      <h2>{text('purposeTitle')}</h2>
      <ul>
        {MARKETING_PURPOSES.map((purpose) => (
          <li key={purpose.id}>
            {purpose[language]} <span className="soft nowrap">({purpose.id})</span>
          </li>
        ))}
      </ul>
      <p>{text('ground')}</p>
      <h2>{text('howLongTitle')}</h2>
      <p>{text('howLong')}</p>
      <h2>{text('recipientsTitle')}</h2>
      <p>{text('recipients')}</p>
      <h2>{text('rightsTitle')}</h2>
      <ul>
        {RIGHTS.map((right) => (
          <li key={right}>{text(`rights.${right}`)}</li>
        ))}
      </ul>
      <p>
        {text('contact')} <ContactLinks controller={controllerOf(env)} />
      </p>
      <p>
        <a className="button" href={`/avsluta?lang=${language}`}>
          {text('stop')}
        </a>
      </p>
    </Framed>
  );
}
