import { Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Where a campaign stands, and what one may do about it. */
export function Note({ title, children }: { title?: string; children?: ReactNode }) {
  return (
    <Paper withBorder p="md" style={{ borderColor: 'var(--mantine-primary-color-filled)' }}>
      <Stack gap="sm" align="flex-start">
        {title && <Text fw={600}>{title}</Text>}
        {children}
      </Stack>
    </Paper>
  );
}
