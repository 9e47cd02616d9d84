import { Anchor, Container, Group, Stack, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

let firstPage = true;

/** The frame of a screen: its heading, which gets the focus when one comes there, and what can be done. */
export function Page(props: {
  title: string;
  /** The way up. */
  back?: { to: string; name: string };
  actions?: ReactNode;
  size?: string;
  children: ReactNode;
}) {
  const { title, back, actions, size = '72rem', children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = `${title} – Utskick`;
  }, [title]);
  useEffect(() => {
    // On the first, the browser starts at the top as for any page.
    if (!firstPage) heading.current?.focus();
    firstPage = false;
  }, [pathname]);
  return (
    <Container size={size} px={0} mx={0}>
      <Stack gap="lg">
        <div>
          {back && (
            <Anchor component={Link} to={back.to} fz="sm">
              {back.name}
            </Anchor>
          )}
          <Group justify="space-between" gap="sm">
            <Title order={1} ref={heading} tabIndex={-1}>
              {title}
            </Title>
            {actions && <Group gap="sm">{actions}</Group>}
          </Group>
        </div>
        {children}
      </Stack>
    </Container>
  );
}
