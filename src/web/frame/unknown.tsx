import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Page } from '../parts/page';

export function Unknown() {
  const { t } = useTranslation('frame');
  return (
    <Page title={t('unknown.title')}>
      <p>{t('unknown.what')}</p>
      <Anchor component={Link} to="/">
        {t('unknown.home')}
      </Anchor>
    </Page>
  );
}
