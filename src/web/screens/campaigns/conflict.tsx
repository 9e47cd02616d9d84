import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useWhen } from '../../parts/when';
import type { Draft } from './use-draft';

/** Two wrote at the same time: whose it shall be is a person's choice, and nothing of either is lost. */
export function Conflict({
  draft,
  conflict,
}: {
  draft: Draft;
  conflict: NonNullable<Draft['conflict']>;
}) {
  const { t } = useTranslation('campaigns');
  const clock = useWhen()(conflict.savedAt, 'clock');
  return (
    <Alert
      role="alert"
      color="orange"
      variant="outline"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      icon={<IconUsers aria-hidden />}
      title={t('conflict.title', { name: conflict.savedBy || t('conflict.somebody'), clock })}
    >
      <Stack gap="sm">
        <Text>{t('conflict.what')}</Text>
        <Group>
          <Button variant="default" onClick={() => void draft.takeTheirs()}>
            {t('conflict.theirs')}
          </Button>
          <Button variant="default" onClick={() => void draft.keepMine()}>
            {t('conflict.mine')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
