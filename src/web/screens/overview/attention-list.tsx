import { Alert, Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Answer } from '../../api/client';
import { useNumbers } from '../../parts/numbers';

type Item = Answer<'Attention'>;

const GRAVE: readonly Item['kind'][] = ['incident', 'channel_held'];

/** What somebody should look at; also says when there is nothing. */
export function AttentionList({ attention }: { attention: Item[] }) {
  const { t } = useTranslation('overview');
  return (
    <Stack component="section" gap="sm" aria-labelledby="attention">
      <Title order={2} id="attention">
        {t('attention.title')}
      </Title>
      {attention.length === 0 ? (
        <Group gap="xs">
          <IconCircleCheck color="var(--mantine-color-green-5)" aria-hidden />
          <Text>{t('attention.none')}</Text>
        </Group>
      ) : (
        attention.map((item) => (
          <One key={`${item.kind} ${item.campaignId} ${item.detail}`} item={item} />
        ))
      )}
    </Stack>
  );
}

function One({ item }: { item: Item }) {
  const { t, i18n } = useTranslation('overview');
  const { count, share } = useNumbers();
  const { kind, name, channel, detail, campaignId } = item;
  const grave = GRAVE.includes(kind);
  const known = (group: string) =>
    t(
      `attention.${group}.${i18n.exists(`overview:attention.${group}.${detail}`) ? detail : 'other'}`,
      {
        code: detail,
      },
    );
  const words = t(`attention.${kind}`, {
    name,
    n: count(item.count ?? 0),
    share: share(item.share ?? 0),
    domain: detail,
    channel: channel && t(`attention.${channel}`),
    what: known(kind === 'incident' ? 'incidentKind' : 'heldBecause'),
  });
  const to = campaignId && `/utskick/${campaignId}${kind === 'approval' ? '/granska' : '/rapport'}`;
  return (
    <Alert
      color={grave ? 'red' : 'orange'}
      variant="outline"
      icon={grave ? <IconAlertTriangle aria-hidden /> : <IconInfoCircle aria-hidden />}
    >
      <Text>{words}</Text>
      {to && (
        <Anchor component={Link} to={to} fz="sm">
          {t('attention.look', { name })}
        </Anchor>
      )}
    </Alert>
  );
}
