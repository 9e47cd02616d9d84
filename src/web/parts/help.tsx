import { ActionIcon, Popover, Text } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export type HelpAbout =
  | 'topic'
  | 'preheader'
  | 'awaiting'
  | 'softOptIn'
  | 'domain'
  | 'unknown'
  | 'restricted'
  | 'test'
  | 'window'
  | 'withheld';

/** A question mark where a person hesitates: opens by key, mouse and finger, and is read out. */
export function Help({ about }: { about: HelpAbout }) {
  const { t } = useTranslation('help');
  const title = t(`${about}.title`);
  return (
    <Popover width="min(22rem, 90vw)" position="bottom" withArrow trapFocus returnFocus shadow="md">
      <Popover.Target>
        <ActionIcon variant="subtle" radius="xl" aria-label={t('about', { title })}>
          <IconHelp size={20} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <div tabIndex={-1} data-autofocus style={{ outline: 'none' }}>
          <Text fw={600}>{title}</Text>
          <Text fz="sm">{t(`${about}.text`)}</Text>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
