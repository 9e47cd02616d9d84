import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Where there is nothing yet: what would stand here, and the one next step. */
export function Nothing(props: { title: string; text?: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <Title order={2} fz="h3">
        {props.title}
      </Title>
      {props.text && <Text c="dimmed">{props.text}</Text>}
      {props.children}
    </Stack>
  );
}
