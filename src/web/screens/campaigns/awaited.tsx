import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import type { Campaign } from './campaign-data';

/** Where a campaign will be as soon as it is here, or what became of it instead. */
export function Awaited({ query }: { query: UseQueryResult<Campaign> }) {
  const { t } = useTranslation('campaigns');
  return (
    <Page title={t('one')} back={{ to: '/utskick', name: t('list.title') }} size="56rem">
      <Loaded query={query}>{() => null}</Loaded>
    </Page>
  );
}
