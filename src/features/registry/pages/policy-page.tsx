import type { ReactElement } from 'react';
import type { Env } from '../../../platform/config/env';
import { t } from '../../../platform/i18n/i18n';
import { formatDay } from './format';
import { Framed, type Frame } from './frame';
import { fillIn, type Block, type PolicyVersion } from './policy-text';

interface PolicyPageProps extends Frame {
  policy: PolicyVersion;
  /** All versions, newest first. */
  versions: string[];
  inForce: string;
}

/** Whose data, why, on what ground, how long, who gets it, and which rights (GDPR 13 and 14), as it was published. */
export function PolicyPage(props: PolicyPageProps): ReactElement {
  const { language, env, policy, versions, inForce } = props;
  const text = (key: string, values = {}) => t(language, `registry:policy.${key}`, values);
  const day = (version: string) => formatDay(language, new Date(`${version}T12:00:00Z`));
  const { title, blocks } = policy.texts[language];
  const values = valuesOf(env);
  return (
    <Framed language={language} env={env} title={title} wide>
      {policy.version !== inForce && (
        <p className="banner">
          {text('earlier', { day: day(policy.version) })}{' '}
          <a href={`/policy?lang=${language}`}>{text('toCurrent')}</a>
        </p>
      )}
      <p className="soft">{text('since', { day: day(policy.version) })}</p>
      {blocks.map((block, n) => (
        <Piece key={n} block={block} fill={(words) => fillIn(words, values)} />
      ))}
      <p>
        <a className="button" href={`/avsluta?lang=${language}`}>
          {text('stop')}
        </a>
      </p>
      <h2>{text('versions')}</h2>
      <ul>
        {versions.map((version) => (
          <li key={version}>
            <a href={`/policy/${version}?lang=${language}`}>{day(version)}</a>
            {version === inForce && ` ${text('inForce')}`}
          </li>
        ))}
      </ul>
    </Framed>
  );
}

/** Who the controller is now, also in an earlier version: that is whom one writes to. */
function valuesOf(env: Env): Record<string, string> {
  return {
    controller: env.CONTROLLER_NAME,
    address: env.CONTROLLER_ADDRESS,
    email: env.CONTROLLER_EMAIL,
    phone: env.CONTROLLER_PHONE,
    authority: env.AUTHORITY,
    optOut: env.link('/avsluta'),
  };
}

interface PieceProps {
  block: Block;
  fill: (text: string) => string;
}

function Piece({ block, fill }: PieceProps): ReactElement {
  switch (block.kind) {
    case 'heading':
      return <h2>{fill(block.text)}</h2>;
    case 'paragraph':
      return <p>{fill(block.text)}</p>;
    case 'list':
      return (
        <ul>
          {block.items.map((item) => (
            <li key={item}>{fill(item)}</li>
          ))}
        </ul>
      );
    case 'table':
      return (
        <table className="stack">
          <thead>
            <tr>
              {block.head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map(([id, ...cells]) => (
              <tr key={id}>
                <th scope="row">{id}</th>
                {cells.map((cell, n) => (
                  <td key={n} data-label={block.head[n + 1]}>
                    {fill(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}
