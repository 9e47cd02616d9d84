import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../frame/session';
import { Page } from '../../parts/page';
import { ChangePassword } from './change-password';
import { OpenSessions } from './open-sessions';
import { OwnLanguage } from './own-language';

/** One's own account: who one is here, the password, and where one is logged in. */
export function Account() {
  const { t, i18n } = useTranslation('account');
  const { me } = useSession();
  const roles = (me.staff?.roles ?? []).map((role) => t(`role.${role}`));
  return (
    <Page title={t('title')} size="44rem">
      {me.staff && (
        <div>
          <Text>{t('who', { name: me.staff.name, email: me.staff.email })}</Text>
          <Text>{t('may', { roles: new Intl.ListFormat(i18n.language).format(roles) })}</Text>
        </div>
      )}
      {me.staff && <OwnLanguage />}
      <ChangePassword />
      <OpenSessions />
    </Page>
  );
}
