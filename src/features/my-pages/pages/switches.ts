import type { Channel } from '../../../domain/address';
import { CHANNELS } from '../../registry/ledger/ledger-act';
import type { Preferences, TopicWish } from '../choices/my-preferences.dto';

/** Name of a switch: `nyhetsbrev:email`. */
export const nameOf = (key: string, channel: Channel): string => `${key}:${channel}`;

/** The switches that are on, for a form to bring back: `nyhetsbrev:email:sms kurstips:email`. */
export function switchesOn({ topics }: Preferences): string {
  return topics
    .flatMap(({ key, channels }) => {
      const on = CHANNELS.filter((channel) => channels[channel]?.on);
      return on.length > 0 ? [key, ...on].join(':') : [];
    })
    .join(' ');
}

/** Their names, from a form that brings them back. */
export function readSwitches(text: string): string[] {
  return text.split(' ').flatMap((word) => {
    const [key = '', ...channels] = word.split(':');
    return channels.map((channel) => `${key}:${channel}`);
  });
}

/**
 * What the person has changed on the page they saw. A page that has lain open while they said no elsewhere still
 * shows the switch on: that is no new yes.
 */
export function wishesOf(shown: readonly string[], ticked: readonly string[]): TopicWish[] {
  const turnedOn = ticked.filter((name) => !shown.includes(name));
  const turnedOff = shown.filter((name) => !ticked.includes(name));
  return [
    ...turnedOn.map((name) => toWish(name, true)),
    ...turnedOff.map((name) => toWish(name, false)),
  ].filter((wish) => wish !== null);
}

function toWish(name: string, on: boolean): TopicWish | null {
  const [key = '', channel = ''] = name.split(':');
  const known = (CHANNELS as readonly string[]).includes(channel);
  return known ? { key, channel: channel as Channel, on } : null;
}
