import { Button, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import {
  IconBook,
  IconClick,
  IconDatabase,
  IconFileImport,
  IconHeadset,
  IconMail,
  IconMailForward,
  IconMessageReply,
  IconSchool,
} from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { When } from '../../parts/when';
import { personKey } from '../../api/person-queries';
import { SeenMail } from './seen-mail';
import classes from './person-timeline.module.css';

type Happening = Answer<'Happening'>;

const ICONS = {
  message: IconMail,
  service_mail: IconMailForward,
  registry: IconBook,
  click: IconClick,
  reply: IconMessageReply,
  case: IconHeadset,
  import: IconFileImport,
  data: IconDatabase,
  learning: IconSchool,
} satisfies Record<Happening['kind'], unknown>;

/** Everything that happened, newest first. */
export function PersonTimeline({ id }: { id: string }) {
  const { t, i18n } = useTranslation('people');
  const lang = i18n.language === 'en' ? 'en' : 'sv';
  const timeline = useInfiniteQuery({
    queryKey: personKey(id, 'timeline', lang),
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/contacts/{id}/timeline', {
          params: { path: { id }, query: { lang, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  return (
    <Stack component="section" aria-labelledby="timeline">
      <Title order={2} id="timeline">
        {t('timeline.title')}
      </Title>
      <Loaded query={timeline}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Text c="dimmed">{t('timeline.none')}</Text>;
          return (
            <>
              <ol className={classes.timeline}>
                {items.map((item) => (
                  <Line key={`${item.kind} ${item.id}`} item={item} contactId={id} />
                ))}
              </ol>
              {timeline.hasNextPage && (
                <Group>
                  <Button
                    variant="default"
                    loading={timeline.isFetchingNextPage}
                    onClick={() => void timeline.fetchNextPage()}
                  >
                    {t('timeline.more')}
                  </Button>
                </Group>
              )}
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Line({ item, contactId }: { item: Happening; contactId: string }) {
  const { can } = useSession();
  const Icon = ICONS[item.kind];
  return (
    <li>
      <ThemeIcon variant="light" radius="xl" size="md" aria-hidden>
        <Icon size={16} />
      </ThemeIcon>
      <div>
        <Text>{item.sentence}</Text>
        <Group gap="sm">
          <Text c="dimmed" fz="sm">
            <When at={item.at} />
          </Text>
          {item.viewable && can('contacts:read') && (
            <SeenMail contactId={contactId} messageId={item.id} />
          )}
        </Group>
      </div>
    </li>
  );
}
