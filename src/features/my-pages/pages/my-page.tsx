import type { ReactElement } from 'react';
import { t } from '../../../platform/i18n/i18n';
import { formatDay } from '../../registry/pages/format';
import { Framed, type Frame } from '../../registry/pages/frame';
import { CHANNELS } from '../../registry/ledger/ledger-act';
import type { ChannelChoice, Preferences, TopicChoices } from '../choices/my-preferences.dto';
import { pathIn } from '../paths';
import { switchesOn } from './switches';

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
  const action = pathIn('/mina-sidor', language);
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
      <Truth {...props} />
      <h2>{text('chooseTitle')}</h2>
      <p className="soft">{choices.consentText}</p>
      <form method="post" action={action}>
        <input type="hidden" name="was" value={switchesOn(choices).join(' ')} />
        {choices.topics.map((topic) => (
          <Switches key={topic.key} {...props} topic={topic} />
        ))}
        <button name="action" value="save">
          {text('save')}
        </button>
      </form>
      <h2>{text('allTitle')}</h2>
      <p>{text('allWhat')}</p>
      <form method="post" action={action}>
        {!choices.everythingOff && (
          <p>
            <button name="action" value="all">
              {text('all')}
            </button>
          </p>
        )}
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

/** What goes to the person now; and if nothing does, since when and by which door. */
function Truth({ language, choices }: MyPageProps): ReactElement {
  const text = (key: string, values = {}) => t(language, `my-pages:choices.${key}`, values);
  const { everythingOff, pausedUntil, topics, addresses } = choices;
  const gets = topics.flatMap(({ name, channels }) => {
    const on = CHANNELS.filter((channel) => channels[channel]?.on);
    const by = on.map((channel) => t(language, `my-pages:channel.${channel}`).toLowerCase());
    return on.length > 0 ? `${name} (${by.join(', ')})` : [];
  });
  const sentence =
    gets.length > 0
      ? text('gets', { topics: gets.join(', ') })
      : everythingOff?.since
        ? text('nothing', told(language, everythingOff))
        : text('none');
  return (
    <div className="card">
      <p>{sentence}</p>
      {pausedUntil && <p>{text('paused', { at: formatDay(language, pausedUntil) })}</p>}
      {addresses
        .filter(({ deliverable }) => !deliverable)
        .map(({ id, address }) => (
          <p key={id}>{text('returned', { address })}</p>
        ))}
    </div>
  );
}

function Switches(props: MyPageProps & { topic: TopicChoices }): ReactElement {
  const { language, choices, topic } = props;
  // What holds for everything has been said above.
  const isTold = ({ since }: ChannelChoice) =>
    since !== null && since.getTime() !== choices.everythingOff?.since?.getTime();
  return (
    <fieldset>
      <legend>{topic.name}</legend>
      {topic.description && <p className="soft">{topic.description}</p>}
      {CHANNELS.map((channel) => {
        const choice = topic.channels[channel];
        return (
          choice && (
            <label className="choice" key={channel}>
              <input
                type="checkbox"
                name="on"
                value={`${topic.key}:${channel}`}
                defaultChecked={choice.on}
              />
              <span>
                {t(language, `my-pages:channel.${channel}`)}
                {!choice.on && isTold(choice) && (
                  <>
                    <br />
                    <span className="soft">
                      {t(language, 'my-pages:choices.off', told(language, choice))}
                    </span>
                  </>
                )}
              </span>
            </label>
          )
        );
      })}
    </fieldset>
  );
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

type Said = Pick<ChannelChoice, 'since' | 'door'>;

const told = (language: Frame['language'], { since, door }: Said) => ({
  at: formatDay(language, since!),
  door: t(language, `registry:doors.${door ?? 'unknown'}`),
});
