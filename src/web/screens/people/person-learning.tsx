import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { personKey } from '../../api/person-queries';
import { Loaded } from '../../parts/loaded';
import { useWhen, When } from '../../parts/when';
import classes from './person-facts.module.css';

type Course = Answer<'TakenCourse'>;

/** What the person has taken, and what more is known of them; why, and until when. */
export function PersonLearning({ id }: { id: string }) {
  const { t, i18n } = useTranslation('people');
  const lang = i18n.language;
  const learning = useQuery({
    queryKey: personKey(id, 'learning', lang),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/contacts/{id}/learning', {
          params: { path: { id }, query: { lang } },
          signal,
        }),
      ),
  });
  return (
    <Stack component="section" aria-labelledby="learning">
      <Title order={2} id="learning">
        {t('learning.title')}
      </Title>
      <Loaded query={learning}>
        {({ courses, attributes }) => (
          <>
            {courses.length === 0 && <Text c="dimmed">{t('learning.none')}</Text>}
            {courses.length > 0 && (
              <dl className={classes.facts}>
                {courses.map((course) => (
                  <Taken key={course.externalId} course={course} />
                ))}
              </dl>
            )}
            {attributes.length > 0 && <Attributes attributes={attributes} />}
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function Taken({ course }: { course: Course }) {
  const { t } = useTranslation('people');
  const { name, state, enrolledAt, startedAt, completedAt, certificateAt, lastAt } = course;
  const since = { enrolled: enrolledAt, started: startedAt, completed: completedAt }[state];
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {t(`learning.state.${state}`)} <When at={since ?? lastAt} form="day" />
        {certificateAt && (
          <Text c="dimmed" fz="sm">
            {t('learning.certificate')} <When at={certificateAt} form="day" />
          </Text>
        )}
      </dd>
    </div>
  );
}

function Attributes({ attributes }: { attributes: Answer<'KnownAttribute'>[] }) {
  const { t, i18n } = useTranslation('people');
  const when = useWhen();
  const told = (value: string | number | boolean): string => {
    if (typeof value === 'boolean') return t(value ? 'learning.yes' : 'learning.no');
    if (typeof value === 'number') return new Intl.NumberFormat(i18n.language).format(value);
    return value;
  };
  return (
    <>
      <Title order={3}>{t('learning.more')}</Title>
      <dl className={classes.facts}>
        {attributes.map(({ key, name, value, purpose, goneOn }) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>
              {told(value)}
              <Text c="dimmed" fz="sm">
                {t('learning.kept', { purpose, day: when(goneOn, 'day') })}
              </Text>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
