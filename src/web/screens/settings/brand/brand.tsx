import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../../api/client';
import { Loaded } from '../../../parts/loaded';
import { Page } from '../../../parts/page';
import { BRAND } from './brand-query';
import { BrandForm } from './brand-form';

/** How mails and public pages look. */
export function Brand() {
  const { t } = useTranslation('settings');
  const brand = useQuery({
    queryKey: BRAND,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/brand', { signal })),
  });
  return (
    <Page title={t('section.brand')} size="44rem">
      <Text>{t('brand.what')}</Text>
      <Loaded query={brand}>{(data) => <BrandForm brand={data} />}</Loaded>
    </Page>
  );
}
