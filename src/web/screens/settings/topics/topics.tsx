import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { Loaded } from '../../../parts/loaded';
import { Nothing } from '../../../parts/nothing';
import { Page } from '../../../parts/page';
import { ProblemNote } from '../../../parts/problem-note';
import { When } from '../../../parts/when';
import { TopicForm } from './topic-form';
import { TOPICS } from './topics-query';

type Topic = Answer<'Topic'>;

/** What people choose between. */
export function Topics() {
  const { t } = useTranslation('settings');
  const mayChange = useSession().can('topics:write');
  const [form, setForm] = useState<Topic | 'new' | null>(null);
  const topics = useQuery({
    queryKey: [...TOPICS, 'all'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/topics', { params: { query: { archived: 'true' } }, signal })),
  });
  const add = <Button onClick={() => setForm('new')}>{t('topics.add')}</Button>;
  return (
    <Page title={t('section.topics')} actions={mayChange && add} size="52rem">
      <Text>{t('topics.what')}</Text>
      <Loaded query={topics}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t('topics.none')} text={t('topics.noneText')} />
          ) : (
            <Stack>
              {items.map((topic) => (
                <TopicCard
                  key={topic.id}
                  topic={topic}
                  edit={mayChange ? () => setForm(topic) : undefined}
                />
              ))}
            </Stack>
          )
        }
      </Loaded>
      {form && <TopicForm topic={form === 'new' ? null : form} close={() => setForm(null)} />}
    </Page>
  );
}

function TopicCard({ topic, edit }: { topic: Topic; edit?: () => void }) {
  const { t, i18n } = useTranslation('settings');
  const { id, archivedAt, assessed, assessedAt } = topic;
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: Answer<'ChangeTopic'>) =>
      api.PATCH('/api/v1/topics/{id}', { params: { path: { id } }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOPICS }),
  });
  const english = i18n.language === 'en';
  const name = english ? topic.nameEn : topic.nameSv;
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} fz="h4">
            {name}
          </Title>
          <Group gap="xs">
            {archivedAt && <Badge color="gray">{t('topics.archived')}</Badge>}
            {!assessed && (
              <Badge color="red" variant="outline">
                {t('topics.blocked')}
              </Badge>
            )}
            {topic.softOptIn && <Badge variant="light">{t('topics.soft')}</Badge>}
          </Group>
        </Group>
        <Text>{(english ? topic.descriptionEn : topic.descriptionSv) || t('topics.noLine')}</Text>
        <Text fz="sm" c="dimmed">
          {topic.purpose} ·{' '}
          {assessedAt ? (
            <>
              {t('topics.assessed')} <When at={assessedAt} form="day" />
            </>
          ) : (
            t('topics.neverAssessed')
          )}
        </Text>
        {!assessed && !archivedAt && <Text fz="sm">{t('topics.blockedText')}</Text>}
        {change.isError && <ProblemNote error={change.error} />}
        {edit && (
          <Group gap="sm">
            <Button variant="default" size="xs" onClick={edit}>
              {t('change')}
            </Button>
            {!archivedAt && !assessed && (
              <Button
                variant="default"
                size="xs"
                loading={change.isPending}
                onClick={() => change.mutate({ assessedAt: new Date().toISOString() })}
              >
                {t('topics.assess')}
              </Button>
            )}
            <Button
              variant="subtle"
              size="xs"
              loading={change.isPending}
              onClick={() => change.mutate({ archived: !archivedAt })}
            >
              {t(archivedAt ? 'topics.restore' : 'topics.archive')}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
