import { Badge, Button, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { Loaded } from '../../../parts/loaded';
import { Page } from '../../../parts/page';
import { When } from '../../../parts/when';
import { CopyText } from '../copy-text';

/** What providers call, and how that goes. */
export function Webhooks() {
  const { t } = useTranslation('settings');
  const webhooks = useQuery({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/operations/webhooks', { signal })),
    refetchInterval: 15_000,
  });
  const check = (
    <Button variant="default" loading={webhooks.isFetching} onClick={() => void webhooks.refetch()}>
      {t('webhooks.check')}
    </Button>
  );
  return (
    <Page title={t('section.webhooks')} actions={check} size="52rem">
      <Text>{t('webhooks.what')}</Text>
      <Loaded query={webhooks}>
        {({ items }) => (
          <Stack aria-live="polite">
            {items.map((webhook) => (
              <OneWebhook key={webhook.webhook} {...webhook} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function OneWebhook(props: Answer<'Webhook'>) {
  const { t, i18n } = useTranslation('settings');
  const { webhook, url, inUse, configured, setting, heardAt, failedAt, failure } = props;
  const why = failure && i18n.exists(`webhooks.failure.${failure}`, { ns: 'settings' });
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} fz="h4">
            {t(`webhooks.name.${webhook}`)}
          </Title>
          <Badge variant="outline" color={!inUse ? 'gray' : configured ? 'green' : 'red'}>
            {t(!inUse ? 'webhooks.unused' : configured ? 'webhooks.ready' : 'webhooks.noKey')}
          </Badge>
        </Group>
        <Text>{t(`webhooks.brings.${webhook}`)}</Text>
        {inUse && !configured && (
          <Text fz="sm">
            {t('webhooks.setKey')} <Code>{setting}</Code>
          </Text>
        )}
        <Text fz="sm">
          {heardAt ? (
            <>
              {t('webhooks.heard')} <When at={heardAt} />
            </>
          ) : (
            t('webhooks.neverHeard')
          )}
        </Text>
        {failedAt && failure && (
          <Text fz="sm" c="var(--mantine-color-error)">
            {t('webhooks.failed')} <When at={failedAt} />:{' '}
            {why ? t(`webhooks.failure.${failure}`) : failure}
          </Text>
        )}
        <CopyText text={url} name={t('webhooks.address')} />
      </Stack>
    </Card>
  );
}
