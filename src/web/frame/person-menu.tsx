import { Button, Divider, Paper, useMantineColorScheme } from '@mantine/core';
import { useClickOutside, useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../api/client';
import { changePerson } from '../api/queries';
import { chooseLanguage } from '../texts/i18n';
import { useSession } from './session';

const LIKE_A_LINE = { variant: 'subtle', fullWidth: true, justify: 'flex-start' } as const;

/**
 * Who is signed in, what they may choose for themselves, and the way out. A list that unfolds and no more: a menu that
 * places itself would be a tenth of what is loaded before anything is seen.
 */
export function PersonMenu() {
  const { t, i18n } = useTranslation('frame');
  const { me } = useSession();
  const queries = useQueryClient();
  const [open, list] = useDisclosure();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const around = useClickOutside<HTMLDivElement>(list.close);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({
    mutationFn: () => api.DELETE('/api/v1/session'),
    onSuccess: () => changePerson(queries, null),
  });
  const other = i18n.language === 'sv' ? 'en' : 'sv';
  const schemes = (['auto', 'light', 'dark'] as const).filter((scheme) => scheme !== colorScheme);
  const closeByKey = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !open) return;
    list.close();
    button.current?.focus();
  };
  /** Chosen, and done with. */
  const then = (act: () => void) => () => {
    act();
    list.close();
    button.current?.focus();
  };
  return (
    <div className="person-menu" ref={around} onKeyDown={closeByKey}>
      <Button
        ref={button}
        variant="subtle"
        px="xs"
        maw="100%"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        rightSection={<IconChevronDown size={16} aria-hidden />}
        onClick={list.toggle}
      >
        {me.staff?.name ?? t('person.key')}
      </Button>
      {open && (
        <Paper id={id} withBorder shadow="md" p="xs">
          <Button {...LIKE_A_LINE} component={Link} to="/konto" onClick={list.close}>
            {t('person.account')}
          </Button>
          <Button {...LIKE_A_LINE} lang={other} onClick={then(() => void chooseLanguage(other))}>
            {t('person.otherLanguage')}
          </Button>
          {schemes.map((scheme) => (
            <Button {...LIKE_A_LINE} key={scheme} onClick={then(() => setColorScheme(scheme))}>
              {t(`scheme.${scheme}`)}
            </Button>
          ))}
          <Divider my="xs" />
          <Button {...LIKE_A_LINE} onClick={() => leave.mutate()}>
            {t('person.leave')}
          </Button>
        </Paper>
      )}
    </div>
  );
}
