import { Button, Menu, useMantineColorScheme } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../api/client';
import { changePerson } from '../api/queries';
import { chooseLanguage } from '../texts/i18n';
import { useSession } from './session';

/** Who is signed in, what they may choose for themselves, and the way out. */
export function PersonMenu() {
  const { t, i18n } = useTranslation('frame');
  const { me } = useSession();
  const queries = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({
    mutationFn: () => api.DELETE('/api/v1/session'),
    onSuccess: () => {
      changePerson(queries, null);
    },
  });
  const other = i18n.language === 'sv' ? 'en' : 'sv';
  const schemes = (['auto', 'light', 'dark'] as const).filter((scheme) => scheme !== colorScheme);
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="subtle" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {me.staff?.name ?? t('person.key')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/konto">
          {t('person.account')}
        </Menu.Item>
        <Menu.Item lang={other} onClick={() => void chooseLanguage(other)}>
          {t('person.otherLanguage')}
        </Menu.Item>
        {schemes.map((scheme) => (
          <Menu.Item key={scheme} onClick={() => setColorScheme(scheme)}>
            {t(`scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => leave.mutate()}>{t('person.leave')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
