import { Group, Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Help, type HelpAbout } from '../../parts/help';

/** Where a campaign stands, and what one may do about it. */
export function Note({
  title,
  help,
  children,
}: {
  title?: string;
  help?: HelpAbout;
  children?: ReactNode;
}) {
  return (
    <Paper withBorder p="md" style={{ borderColor: 'var(--mantine-primary-color-filled)' }}>
      <Stack gap="sm" align="flex-start">
        {title && (
          <Group gap={4} wrap="nowrap">
            <Text fw={600}>{title}</Text>
            {help && <Help about={help} />}
          </Group>
        )}
        {children}
      </Stack>
    </Paper>
  );
}
