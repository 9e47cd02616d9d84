import { Alert, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../../api/problem';
import { Busy } from '../../parts/busy';
import { useNumbers } from '../../parts/numbers';
import { ProblemNote } from '../../parts/problem-note';
import { topicsQuery } from '../campaigns/campaign-data';
import { Sample } from './sample';
import { inLanguage, type About, type Answered as Answer } from './segment-data';
import { WhoGetsIt } from './who-gets-it';

/** What the question says, how many it names, and whether they would get anything. */
export function Answered(props: {
  query: UseQueryResult<Answer>;
  isFilled: boolean;
  about: About | null;
  onAbout: (about: About | null) => void;
}) {
  const { query, isFilled, about, onAbout } = props;
  const { t } = useTranslation('segments');
  return (
    <Stack component="section" aria-labelledby="answer" gap="sm">
      <Title order={2} id="answer">
        {t('answer.title')}
      </Title>
      <AboutChoice onAbout={onAbout} />
      {isFilled ? <Told query={query} about={about} /> : <Text c="dimmed">{t('answer.fill')}</Text>}
    </Stack>
  );
}

function AboutChoice({ onAbout }: { onAbout: (about: About | null) => void }) {
  const { t, i18n } = useTranslation('segments');
  const topics = useQuery(topicsQuery);
  const [channel, setChannel] = useState<About['channel']>('email');
  const [topicId, setTopicId] = useState('');
  const choose = (channel: About['channel'], topicId: string) => {
    setChannel(channel);
    setTopicId(topicId);
    onAbout(topicId ? { channel, topicId } : null);
  };
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label={t('answer.topic')}
        value={topicId}
        onChange={({ currentTarget }) => choose(channel, currentTarget.value)}
        data={[
          { value: '', label: t('answer.noTopic') },
          ...(topics.data?.items.map(({ id, nameSv, nameEn }) => ({
            value: id,
            label: i18n.language === 'en' ? nameEn : nameSv,
          })) ?? []),
        ]}
      />
      {topicId !== '' && (
        <NativeSelect
          label={t('answer.channel')}
          value={channel}
          onChange={({ currentTarget }) => choose(currentTarget.value as About['channel'], topicId)}
          data={(['email', 'sms'] as const).map((value) => ({
            value,
            label: t(`channel.${value}`),
          }))}
        />
      )}
    </Group>
  );
}

function Told({ query, about }: { query: UseQueryResult<Answer>; about: About | null }) {
  const { t, i18n } = useTranslation('segments');
  const { count } = useNumbers();
  const { data, isError, error, isPlaceholderData: stale } = query;
  if (isError) {
    // What is wrong with a rule stands at the rule.
    const isInRules = asProblem(error).faults.length > 0;
    if (isInRules) return <Text>{t('answer.faulty')}</Text>;
    return <ProblemNote error={error} retry={query.refetch} />;
  }
  if (!data) return <Busy />;
  return (
    <Stack gap="sm" aria-live="polite" aria-busy={stale} style={{ opacity: stale ? 0.6 : 1 }}>
      <Text>{inLanguage(data.sentence, i18n.language)}.</Text>
      <Text fz="xl" fw={700}>
        {t('answer.people', { count: data.people, number: count(data.people) })}
      </Text>
      {data.untracked > 0 && (
        <Text>
          {t('answer.untracked', { count: data.untracked, number: count(data.untracked) })}
        </Text>
      )}
      {data.profiling && (
        <Text>{t('answer.profiling', { count: data.leftOut, number: count(data.leftOut) })}</Text>
      )}
      <Striking answer={data} />
      {about && data.delivery && (
        <WhoGetsIt
          people={data.people}
          delivery={data.delivery}
          without={t(`answer.without.${about.channel}`)}
        />
      )}
      {data.sample && data.sample.length > 0 && <Sample people={data.sample} all={data.people} />}
    </Stack>
  );
}

/** Nobody, or everybody: seldom what was meant, so which rule makes it so. */
function Striking({ answer }: { answer: Answer }) {
  const { t, i18n } = useTranslation('segments');
  const { count } = useNumbers();
  const { people, everybody, parts } = answer;
  if (people !== 0 && people !== everybody) return null;
  const makesItSo = parts?.filter((part) => part.people === people) ?? [];
  return (
    <Alert
      color="orange"
      variant="outline"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      title={t(people === 0 ? 'striking.nobody' : 'striking.everybody')}
    >
      {people === 0 && parts && parts.length > 1 && (
        <Text>{t(makesItSo.length > 0 ? 'striking.because' : 'striking.together')}</Text>
      )}
      {parts && parts.length > 1 && (
        <ul>
          {parts.map(({ path, sentence, people: alone }) => (
            <li key={path}>
              {t('striking.part', {
                sentence: inLanguage(sentence, i18n.language),
                number: count(alone),
              })}
            </li>
          ))}
        </ul>
      )}
      {everybody === 0 && <Text>{t('striking.noContacts')}</Text>}
    </Alert>
  );
}
