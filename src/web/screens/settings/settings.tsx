import { NavLink as Entry, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Outlet, useLocation } from 'react-router';
import { useSession } from '../../frame/session';
import { Page } from '../../parts/page';
import { SECTIONS } from './sections';
import './settings.css';

/** The list of what can be set, beside the section that is open. */
export function Settings() {
  const { t } = useTranslation('settings');
  const { can } = useSession();
  const { pathname } = useLocation();
  const sections = SECTIONS.filter(({ anyOf }) => anyOf.some(can));
  const open = pathname.split('/')[2];
  if (!open && sections[0]) return <Navigate to={sections[0].path} replace />;
  const section = SECTIONS.find(({ path }) => path === open);
  if (!section || !sections.includes(section)) {
    return (
      <Page title={t('title')}>
        <Text>{t('notYours')}</Text>
      </Page>
    );
  }
  return (
    <div className="settings">
      <nav aria-label={t('title')} className="settings-list">
        {sections.map(({ path, name }) => (
          <Entry key={path} component={NavLink} to={path} label={t(`section.${name}`)} />
        ))}
        <Entry component={NavLink} to="/konto" label={t('account')} />
      </nav>
      <div>
        <Outlet />
      </div>
    </div>
  );
}
