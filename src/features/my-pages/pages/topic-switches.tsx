import type { ReactElement, ReactNode } from 'react';
import type { Channel } from '../../../domain/address';
import { t, type Language } from '../../../platform/i18n/i18n';
import { CHANNELS } from '../../registry/ledger/ledger-act';
import { formatDay } from '../../registry/pages/format';
import type { ChannelChoice, Preferences, TopicChoices } from '../choices/my-preferences.dto';
import { nameOf } from './switches';

/** A no, and where and when it was said. */
export type Said = Pick<ChannelChoice, 'since' | 'door'>;

/** The no behind all switches of a channel, which is told above them all; null: there is none, or several. */
export type Above = Record<Channel, Said | null>;

export const told = (language: Language, { since, door }: Said) => ({
  at: formatDay(language, since!),
  door: t(language, `registry:doors.${door ?? 'unknown'}`),
});

/** Where and when something was turned off; null: it is on, or was never said. */
function off(language: Language, choice: Said & { on?: boolean }): string | null {
  if (choice.on || !choice.since) return null;
  return t(language, 'my-pages:choices.off', told(language, choice));
}

export function saidOfAll(language: Language, { everythingOff, topics }: Preferences): Above {
  const behind = (channel: Channel): Said | null => {
    if (everythingOff?.since) return everythingOff;
    const [first, ...others] = topics.flatMap(({ channels }) => channels[channel] ?? []);
    const words = first && off(language, first);
    return words && others.every((one) => off(language, one) === words) ? first : null;
  };
  return { email: behind('email'), sms: behind('sms') };
}

interface SwitchesProps {
  language: Language;
  topic: TopicChoices;
  above: Above;
}

/** The switches of one topic, each with where and when it was turned off; once, if that is the same. */
export function TopicSwitches({ language, topic, above }: SwitchesProps): ReactElement {
  const switches = CHANNELS.flatMap((channel) => {
    const choice = topic.channels[channel];
    if (!choice) return [];
    const words = off(language, choice);
    const isToldAbove = above[channel] !== null && off(language, above[channel]) === words;
    return { channel, on: choice.on, note: isToldAbove ? null : words };
  });
  const [first] = switches;
  const same = switches.every(({ note }) => note === first?.note) ? first?.note : null;
  return (
    <TopicFields topic={topic} note={same}>
      {switches.map(({ channel, on, note }) => (
        <label key={channel}>
          <input type="checkbox" name="on" value={nameOf(topic.key, channel)} defaultChecked={on} />
          {t(language, `my-pages:channel.${channel}`)}
          {note && !same && <small>{note}</small>}
        </label>
      ))}
    </TopicFields>
  );
}

/** What a topic brings, above what can be ticked: the same words wherever a consent is given. */
export function TopicFields(props: {
  topic: TopicChoices;
  note?: string | null;
  children: ReactNode;
}): ReactElement {
  const { name, description } = props.topic;
  return (
    <fieldset>
      <legend>{name}</legend>
      {description && <small>{description}</small>}
      {props.note && <small>{props.note}</small>}
      {props.children}
    </fieldset>
  );
}
