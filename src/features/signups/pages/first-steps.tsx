import type { ReactElement } from 'react';
import type { Env } from '../../../platform/config/env';
import { DEMO_PORTAL, isDemoPortal } from '../../../platform/config/mina-sidor-settings';
import { t, type Language } from '../../../platform/i18n/i18n';

interface Step {
  key: string;
  href?: string;
  /** To type in a terminal. */
  commands?: string[];
}

const CLI = 'npm run cli --';

const STEPS: readonly Step[] = [
  { key: 'signUp', href: '#email' },
  { key: 'mailbox', href: '/dev/mailbox' },
  { key: 'staff', href: '/app' },
  { key: 'send', commands: [`${CLI} campaign send "Höstens kurser"`] },
  { key: 'stop', href: '/dev/mailbox' },
  {
    key: 'again',
    commands: [
      `${CLI} campaign new --name "En gång till" --template kurstips --topic kurstips`,
      `${CLI} campaign send "En gång till"`,
    ],
  },
  { key: 'why', commands: [`${CLI} campaign report "En gång till"`] },
  {
    key: 'import',
    commands: [
      `${CLI} import prisma/demo/prova-importera.csv --kind company_contact --topic kurstips --dry-run`,
    ],
  },
  { key: 'portal', href: DEMO_PORTAL },
  { key: 'api', href: '/api/docs' },
];

/** For someone who just started the demo: the round trip, step by step. */
export function FirstSteps({ language, env }: { language: Language; env: Env }): ReactElement {
  const text = (key: string) => t(language, `signups:demo.${key}`);
  const steps = STEPS.filter(({ href }) => href !== DEMO_PORTAL || isDemoPortal(env));
  return (
    <section aria-labelledby="demo">
      <h2 id="demo">{text('heading')}</h2>
      <p>{text('what')}</p>
      <ol>
        {steps.map(({ key, href, commands = [] }) => (
          <li key={key}>
            {href ? (
              <a href={href}>{text(`${key}.title`)}</a>
            ) : (
              <strong>{text(`${key}.title`)}</strong>
            )}{' '}
            {text(`${key}.what`)}
            {commands.map((command) => (
              <pre key={command}>
                <code>{command}</code>
              </pre>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
