import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';

type Audience = Answer<'AudienceView'>;

/** Of more companies than this, the rest is a number. */
const NAMED = 3;

interface Words {
  /** "tisdag 24 november 2026 kl. 09:00 (Stockholm)" */
  moment: (instant: string, timeZone: string) => string;
  /** Who a campaign asks for, in a few words. */
  audience: (asked: {
    audience: Audience;
    topic: string | null;
    organisations: readonly { name: string }[];
    segments: readonly { id: string; name: string }[];
  }) => string;
  topic: (topic: { nameSv: string; nameEn: string }) => string;
}

/** What campaigns are made of, as a colleague would say it. */
export function useCampaignWords(): Words {
  const { t, i18n } = useTranslation('campaigns');
  const english = i18n.language === 'en';
  const companies = (named: readonly { name: string }[], count: number) => {
    const names = named.slice(0, NAMED).map(({ name }) => name);
    const more = count - names.length;
    if (names.length === 0) return t('audience.organisations', { count });
    const last = more > 0 ? [t('audience.more', { count: more })] : [];
    return new Intl.ListFormat(i18n.language).format([...names, ...last]);
  };
  const eitherOf = (named: readonly { name: string }[]) =>
    new Intl.ListFormat(i18n.language, { type: 'disjunction' }).format(
      named.map(({ name }) => t('audience.quoted', { name })),
    );
  return {
    moment: (instant, timeZone) => {
      const form = new Intl.DateTimeFormat(english ? 'en-GB' : 'sv-SE', {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        timeZone,
      });
      return `${form.format(new Date(instant))} (${cityOf(timeZone)})`;
    },
    audience: ({
      audience: { members, kinds, organisationIds, languages, segments: asked },
      topic,
      organisations,
      segments,
    }) =>
      [
        members === 'everyone'
          ? t('audience.everyone')
          : t('audience.topic', { topic: topic ?? '…' }),
        ...kinds.map((kind) => t(`kind.${kind}`)),
        ...(organisationIds.length > 0 ? [companies(organisations, organisationIds.length)] : []),
        ...languages.map((language) => t(`language.${language}`)),
        ...(['include', 'exclude'] as const).flatMap((which) => {
          const names = segments.filter(({ id }) => asked[which].includes(id));
          return names.length > 0 ? [t(`audience.${which}d`, { names: eitherOf(names) })] : [];
        }),
      ].join(' · '),
    topic: ({ nameSv, nameEn }) => (english ? nameEn : nameSv),
  };
}

/** Europe/Stockholm is Stockholm to people. */
export const cityOf = (timeZone: string): string =>
  timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');

/** A subject without its merge fields: what stands there for somebody of whom nothing is known. */
export const readable = (subject: string): string =>
  subject.replace(
    /\{\{([^}]*)\}\}/g,
    (_, field: string) => /default:\s*["']([^"']*)["']/.exec(field)?.[1] ?? '…',
  );
