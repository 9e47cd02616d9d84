import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { FieldFault } from '../../api/problem';
import { Help, type HelpAbout } from '../../parts/help';

/** One of the five things a campaign needs: done, or what is missing. */
export function Card(props: {
  title: string;
  help?: HelpAbout;
  /** Undefined while it is not known. */
  faults: readonly FieldFault[] | undefined;
  children: ReactNode;
}) {
  const { t } = useTranslation('campaigns');
  const { title, help, faults, children } = props;
  const done = faults?.length === 0;
  const words = useFaultWords();
  return (
    <Paper component="section" withBorder p="lg" aria-label={title}>
      <Stack>
        <Group justify="space-between" gap="xs">
          <Group gap={4} wrap="nowrap">
            <Title order={2} fz="h3">
              {title}
            </Title>
            {help && <Help about={help} />}
          </Group>
          {faults && (
            <Group gap={6} wrap="nowrap">
              {done ? (
                <IconCircleCheck size={20} color="var(--mantine-color-green-6)" aria-hidden />
              ) : (
                <IconAlertCircle size={20} color="var(--mantine-color-orange-6)" aria-hidden />
              )}
              <Text fz="sm">{t(done ? 'card.done' : 'card.missing')}</Text>
            </Group>
          )}
        </Group>
        {faults && faults.length > 0 && (
          <Stack component="ul" gap={4} m={0} pl="md">
            {faults.map((fault) => (
              <li key={`${fault.path} ${fault.code} ${fault.message}`}>{words(fault)}</li>
            ))}
          </Stack>
        )}
        {children}
      </Stack>
    </Paper>
  );
}

/** What is missing, in words of ours where there are some; else the server's. */
export function useFaultWords(): (fault: FieldFault) => string {
  const { t, i18n } = useTranslation('campaigns');
  return ({ code, message }) =>
    i18n.exists(`fault.${code}`, { ns: 'campaigns' }) ? t(`fault.${code}`) : message;
}
