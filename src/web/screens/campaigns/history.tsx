import { Button, Drawer, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useState } from 'react';
import { answer, api, type Answer } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { ProblemNote } from '../../parts/problem-note';
import { useWhen } from '../../parts/when';
import { CAMPAIGNS, campaignQuery, type Campaign } from './campaign-data';
import { MailFrame } from './mail-frame';

interface Props {
  campaign: Campaign;
  opened: boolean;
  onClose: () => void;
  canRestore: boolean;
}

/** What it said before, and the way back there. */
export function History(props: Props) {
  const { t } = useTranslation('campaigns');
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      position="right"
      title={t('history.title')}
      closeButtonProps={{ 'aria-label': t('act.close') }}
    >
      <Versions {...props} />
    </Drawer>
  );
}

function Versions({ campaign, onClose, canRestore }: Props) {
  const { t } = useTranslation('campaigns');
  const queries = useQueryClient();
  const [shown, setShown] = useState<number | null>(null);
  const { id, version: over } = campaign;
  const query = useQuery({
    queryKey: [...CAMPAIGNS, id, 'versions', over],
    queryFn: () => answer(api.GET('/api/v1/campaigns/{id}/versions', { params: { path: { id } } })),
  });
  const restore = useMutation({
    mutationFn: (version: number) =>
      answer(
        api.POST('/api/v1/campaigns/{id}/versions/{version}/restore', {
          params: { path: { id, version: String(version) } },
          body: { over },
        }),
      ),
    onSuccess: async (_, version) => {
      await queries.invalidateQueries({ queryKey: campaignQuery(id).queryKey });
      notifications.show({ message: t('history.restored', { version }) });
      onClose();
    },
  });
  return (
    <Loaded query={query}>
      {({ items }) => (
        <Stack component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
          {restore.isError && <ProblemNote error={restore.error} />}
          {items.map((item) => (
            <Stack component="li" key={item.version} gap={4} align="flex-start">
              <Version item={item} isNow={item.version === over} />
              {item.version !== over && (
                <>
                  <Button
                    size="xs"
                    variant="subtle"
                    aria-expanded={shown === item.version}
                    onClick={() => setShown(shown === item.version ? null : item.version)}
                  >
                    {t('history.show', { version: item.version })}
                  </Button>
                  {shown === item.version && (
                    <Shown id={id} version={item.version} channel={campaign.channel} />
                  )}
                  {canRestore && (
                    <Button
                      size="xs"
                      variant="default"
                      loading={restore.isPending && restore.variables === item.version}
                      onClick={() => restore.mutate(item.version)}
                    >
                      {t('history.restore', { version: item.version })}
                    </Button>
                  )}
                </>
              )}
            </Stack>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

function Version({ item, isNow }: { item: Answer<'VersionItem'>; isNow: boolean }) {
  const { t } = useTranslation('campaigns');
  const when = useWhen()(item.savedAt);
  const changed = [...new Set(item.changed.map((field) => t(`field.${field}`)))].join(', ');
  return (
    <>
      <Text fw={600}>
        {t('history.version', { version: item.version })} · {when}
        {isNow && ` · ${t('history.now')}`}
      </Text>
      <Text fz="sm" c="dimmed">
        {item.savedBy ?? t('history.program')}
        {changed && ` – ${changed}`}
      </Text>
    </>
  );
}

function Shown(props: { id: string; version: number; channel: Campaign['channel'] }) {
  const { id, version, channel } = props;
  const { t } = useTranslation('campaigns');
  const query = useQuery({
    queryKey: [...CAMPAIGNS, id, 'version', version],
    queryFn: () =>
      answer(
        api.GET('/api/v1/campaigns/{id}/versions/{version}', {
          params: { path: { id, version: String(version) } },
        }),
      ),
    staleTime: Infinity,
  });
  return (
    <Loaded query={query}>
      {({ fields }) => (
        <Stack gap="xs" w="100%">
          {(['subject', 'preheader'] as const).map(
            (field) =>
              fields[field] !== '' && (
                <Text key={field} fz="sm">
                  <strong>{t(`field.${field}`)}:</strong> {fields[field]}
                </Text>
              ),
          )}
          <Look channel={channel} fields={fields} version={version} />
        </Stack>
      )}
    </Loaded>
  );
}

function Look(props: {
  channel: Campaign['channel'];
  fields: Answer<'VersionFields'>;
  version: number;
}) {
  const { t } = useTranslation('campaigns');
  const { channel, version } = props;
  const { subject, preheader, body, language } = props.fields;
  const query = useQuery({
    queryKey: [...CAMPAIGNS, 'look', channel, language, body],
    queryFn: () =>
      answer(
        api.POST('/api/v1/templates/preview', {
          params: { query: {} },
          body: { channel, subject, preheader, body, language },
        }),
      ),
    staleTime: Infinity,
  });
  if (channel === 'sms') return <Text style={{ whiteSpace: 'pre-wrap' }}>{body}</Text>;
  return (
    <Loaded query={query}>
      {({ html }) =>
        html === null ? (
          <Text c="dimmed">{t('content.notShown')}</Text>
        ) : (
          <MailFrame html={html} title={t('history.version', { version })} />
        )
      }
    </Loaded>
  );
}
