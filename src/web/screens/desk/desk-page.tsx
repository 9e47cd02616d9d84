import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { Page } from '../../parts/page';

const PLACES = {
  '/kundtjanst': 'search',
  '/kundtjanst/svar': 'replies',
  '/kundtjanst/arenden': 'cases',
} as const;

/** The desk's three places, with the one shown below them. */
export function DeskPage({ children }: { children: ReactNode }) {
  const { t } = useTranslation('desk');
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <Page title={t('title')}>
      <Tabs value={pathname} onChange={(to) => to && void navigate(to)} keepMounted={false}>
        <Tabs.List>
          {Object.entries(PLACES).map(([to, name]) => (
            <Tabs.Tab key={to} value={to}>
              {t(`places.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={pathname} pt="lg">
          {children}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
