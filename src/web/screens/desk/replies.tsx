import { Badge, Blockquote, Button, Card, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { ProblemNote } from '../../parts/problem-note';
import { When } from '../../parts/when';
import { DeskPage } from './desk-page';

type Reply = Answer<'ReplyView'>;
type Dismissal = Answer<'DismissReply'>['as'];

const DISMISSALS = ['not_a_no', 'auto_reply', 'answered'] as const satisfies readonly Dismissal[];
const REPLIES = ['replies'] as const;

/** What people wrote back and no machine could understand; the oldest first. */
export function Replies() {
  const { t } = useTranslation('desk');
  const replies = useQuery({
    queryKey: REPLIES,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/service-desk/replies', { signal })),
    refetchInterval: 60_000,
  });
  return (
    <DeskPage>
      <Loaded query={replies}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t('replies.none')} text={t('replies.noneText')} />
          ) : (
            <Stack>
              <Text c="dimmed" role="status">
                {t('replies.waiting', { count: items.length })}
              </Text>
              {items.map((reply) => (
                <ReplyCard key={reply.id} reply={reply} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </DeskPage>
  );
}

function ReplyCard({ reply }: { reply: Reply }) {
  const { t } = useTranslation('desk');
  const { id, from, words, at, channel, late, answerBy } = reply;
  return (
    <Card withBorder padding="lg" component="article">
      <Stack gap="sm">
        <Group gap="sm">
          <Text fw={600}>{from ?? t('replies.unknown')}</Text>
          <Text c="dimmed" fz="sm">
            {t(`cameBy.${channel}`)}, <When at={at} />
          </Text>
          {late && (
            <Badge color="red" variant="outline" tt="none">
              {t('replies.late')}
            </Badge>
          )}
        </Group>
        <Blockquote p="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {words}
        </Blockquote>
        {!late && (
          <Text c="dimmed" fz="sm">
            {t('replies.answerBy')} <When at={answerBy} />
          </Text>
        )}
        <Decide id={id} />
      </Stack>
    </Card>
  );
}

function Decide({ id }: { id: string }) {
  const { t, i18n } = useTranslation('desk');
  const { can } = useSession();
  const queries = useQueryClient();
  const settled = (message: string) => {
    notifications.show({ message, autoClose: 10_000 });
    return queries.invalidateQueries({ queryKey: REPLIES });
  };
  const path = { id };
  const no = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/service-desk/replies/{id}/opt-out', {
          params: { path, query: { lang: i18n.language } },
          body: {},
        }),
      ),
    onSuccess: ({ holds, reference }) => settled(t('replies.recorded', { holds, reference })),
  });
  const dismiss = useMutation({
    mutationFn: (as: Dismissal) =>
      api.POST('/api/v1/service-desk/replies/{id}/dismiss', { params: { path }, body: { as } }),
    onSuccess: () => settled(t('replies.dismissed')),
  });
  const error = no.error ?? dismiss.error;
  return (
    <>
      {error && <ProblemNote error={error} />}
      <Group gap="sm">
        {can('opt-outs:record') && (
          <Button loading={no.isPending} onClick={() => no.mutate()}>
            {t('replies.no')}
          </Button>
        )}
        {can('service-cases:write') &&
          DISMISSALS.map((as) => (
            <Button
              key={as}
              variant="default"
              loading={dismiss.isPending && dismiss.variables === as}
              onClick={() => dismiss.mutate(as)}
            >
              {t(`replies.as.${as}`)}
            </Button>
          ))}
      </Group>
    </>
  );
}
