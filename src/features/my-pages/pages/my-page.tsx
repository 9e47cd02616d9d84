import type { ReactElement } from 'react';
import { t } from '../../../platform/i18n/i18n';
import { formatDay } from '../../registry/pages/format';
import { Framed, type Frame } from '../../registry/pages/frame';
import { CHANNELS } from '../../registry/ledger/ledger-act';
import type { Preferences } from '../choices/my-preferences.dto';
import { pathIn } from '../paths';
import { switchesOn } from './switches';
import { saidOfAll, told, TopicSwitches, type Above } from './topic-switches';

export type MyPageNews = 'saved' | 'unchanged';

interface MyPageProps extends Frame {
  choices: Preferences;
  news?: MyPageNews;
  /** Why something could not be turned on. */
  fault?: string;
}

/** Mina sidor: first what is true, then what one can make of it, nothing preselected (D-01, D-15). */
export function MyPage(props: MyPageProps): ReactElement {
  const { language, env, choices, news, fault } = props;
  const text = (key: string, values = {}) => t(language, `my-pages:choices.${key}`, values);
  const { firstName } = choices.person;
  const above = saidOfAll(language, choices);
  return (
    <Framed
      language={language}
      env={env}
      title={text('title')}
      heading={firstName ? text('hello', { name: firstName }) : undefined}
    >
      {fault && (
        <p className="banner" role="alert">
          {fault}
        </p>
      )}
      {news && (
        <p className="done" role="status">
          {text(news)}
        </p>
      )}
      <Truth {...props} above={above} />
      <h2>{text('chooseTitle')}</h2>
      <p className="soft">{choices.consentText}</p>
      <form method="post" action={pathIn('/mina-sidor', language)}>
        <input type="hidden" name="was" value={switchesOn(choices)} />
        {choices.topics.map((topic) => (
          <TopicSwitches key={topic.key} language={language} topic={topic} above={above} />
        ))}
        <button name="action" value="save">
          {text('save')}
        </button>
        <h2>{text('allTitle')}</h2>
        <p>{text('allWhat')}</p>
        {!choices.everythingOff && (
          <p>
            <button name="action" value="all">
              {text('all')}
            </button>
          </p>
        )}
        <p>
          <button name="action" value={choices.fewer ? 'as-before' : 'fewer'} className="plain">
            {text(choices.fewer ? 'endFewer' : 'fewer')}
          </button>
        </p>
        <p>
          <button name="action" value={choices.pausedUntil ? 'end' : 'pause'} className="plain">
            {text(choices.pausedUntil ? 'endPause' : 'pause')}
          </button>
        </p>
      </form>
      <More {...props} />
    </Framed>
  );
}

/** What goes to the person now; and of what does not, since when and by which door. */
function Truth(props: MyPageProps & { above: Above }): ReactElement {
  const { language, choices, above } = props;
  const text = (key: string, values = {}) => t(language, `my-pages:choices.${key}`, values);
  const { everythingOff, pausedUntil, fewer, addresses } = choices;
  const gets = getsNow(language, choices);
  const isToldAtOnce = everythingOff?.since;
  return (
    <div className="card">
      {isToldAtOnce ? (
        <p>{text('nothing', told(language, everythingOff))}</p>
      ) : (
        <p>{gets ? text('gets', { gets }) : text('none')}</p>
      )}
      {CHANNELS.map((channel) => {
        const said = isToldAtOnce ? null : above[channel];
        const name = t(language, `my-pages:channel.${channel}`);
        return said && <p key={channel}>{text('allOff', { name, ...told(language, said) })}</p>;
      })}
      {pausedUntil && <p>{text('paused', { at: formatDay(language, pausedUntil) })}</p>}
      {fewer && gets && <p>{text('fewerChosen')}</p>}
      {addresses
        .filter(({ deliverable }) => !deliverable)
        .map(({ id, address }) => (
          <p key={id}>{text('returned', { address })}</p>
        ))}
    </div>
  );
}

/** `E-post och sms: Nyhetsbrev; Kurstips. E-post: Webbinarier`; empty: nothing. */
function getsNow(language: Frame['language'], { topics }: Preferences): string {
  const namesBy = new Map<string, string[]>();
  for (const { name, channels } of topics) {
    const on = CHANNELS.filter((channel) => channels[channel]?.on);
    if (on.length === 0) continue;
    const by = t(language, `my-pages:channel.${on.join('_')}`);
    namesBy.set(by, [...(namesBy.get(by) ?? []), name]);
  }
  return [...namesBy].map(([by, names]) => `${by}: ${names.join('; ')}`).join('. ');
}

function More({ language, env, choices }: MyPageProps): ReactElement {
  const text = (key: string, values = {}) => t(language, `my-pages:choices.${key}`, values);
  const own = choices.language;
  return (
    <>
      <h2>{text('moreTitle')}</h2>
      <p>
        <a href={pathIn('/mina-sidor/skickat', language)}>{text('sent')}</a>
      </p>
      <p>
        <a href={pathIn('/mina-sidor/uppgifter', language)}>{text('known')}</a>
      </p>
      <p>
        <a href={pathIn('/mina-sidor/telefon', language)}>{text('phone')}</a>
      </p>
      <form method="post" action="/mina-sidor">
        <p>{t(language, `my-pages:choices.writes.${own}`)}</p>
        <input type="hidden" name="language" value={own === 'sv' ? 'en' : 'sv'} />
        <button name="action" value="language" className="plain">
          {t(language, `my-pages:choices.instead.${own}`)}
        </button>
      </form>
      <h2>{text('aboutTitle')}</h2>
      <p>
        {text('about', { controller: env.CONTROLLER_NAME, authority: env.AUTHORITY })}{' '}
        <a href={pathIn('/policy', language)}>{text('policy')}</a>
      </p>
      <form method="post" action={pathIn('/mina-sidor/logout', language)}>
        <button className="plain">{text('logOut')}</button>
      </form>
    </>
  );
}
