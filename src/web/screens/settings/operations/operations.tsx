import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Page } from '../../../parts/page';
import { Channels } from './channels';
import { Incidents } from './incidents';
import { QueueLines } from './queue-lines';

/** How it runs: whether anything is stopped, and what waits. */
export function Operations() {
  const { t } = useTranslation('settings');
  return (
    <Page title={t('section.operations')} size="52rem">
      <Text>{t('operations')}</Text>
      <Incidents />
      <Channels />
      <QueueLines />
    </Page>
  );
}
