import { AppShell, Burger, Group, NavLink as Entry, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { Busy } from '../parts/busy';
import { MENU } from './menu';
import { PersonMenu } from './person-menu';
import { Search } from './search';
import { SignedIn, useSession } from './session';
import { useWaiting, WaitingCount } from './waiting';

/** What is around every screen: the menu, who is signed in, and the way past both to the screen itself. */
export function Frame() {
  return (
    <SignedIn>
      <Shell />
    </SignedIn>
  );
}

function Shell() {
  const { t } = useTranslation('frame');
  const [open, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding="md"
      transitionDuration={0}
    >
      <a href="#content" className="skip">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="xs" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('menu.open')}
              aria-expanded={open}
            />
            <Text component={Link} to="/" ff="Georgia, serif" fz="xl" c="var(--mantine-color-text)">
              Utskick
            </Text>
          </Group>
          {/* On a narrow screen the name gives way, and nothing else. */}
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Search />
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="sm"
        className="menu"
        data-closed={!open || undefined}
        aria-label={t('menu.name')}
      >
        <Menu />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Suspense fallback={<Busy />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

function Menu() {
  const { t } = useTranslation('frame');
  const { can } = useSession();
  const waiting = useWaiting();
  return MENU.filter(({ anyOf }) => anyOf.some(can)).map(({ to, name, icon: Icon }) => (
    <Entry
      key={to}
      component={NavLink}
      to={to}
      end={to === '/'}
      label={t(`menu.${name}`)}
      leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
      rightSection={waiting[name] && <WaitingCount {...waiting[name]} />}
    />
  ));
}
