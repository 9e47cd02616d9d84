import { Alert, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { When } from '../../parts/when';

/** What holds now, to be read out to the person. */
export function NoRecorded({ no, done }: { no: Answer<'NoRecorded'>; done: () => void }) {
  const { t } = useTranslation('desk');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { recorded, holds, reference, at, handedOver, otherAddresses } = no;
  return (
    <Stack>
      <Title order={3} ref={heading} tabIndex={-1}>
        {t(recorded ? 'recorded.title' : 'recorded.stood')}
      </Title>
      <Alert
        color="green"
        variant="light"
        icon={<IconCheck aria-hidden />}
        title={t('recorded.say')}
      >
        <Text fz="lg">{holds}</Text>
        {handedOver.last72h > 0 && (
          <Text mt="xs">{t('recorded.onItsWay', { count: handedOver.last72h })}</Text>
        )}
        <Text mt="xs">{t('recorded.reference', { reference })}</Text>
      </Alert>
      <Text c="dimmed" fz="sm">
        {t('recorded.since')} <When at={at} />
      </Text>
      {otherAddresses.length > 0 && (
        <div>
          <Text>{t('recorded.others')}</Text>
          <List size="sm">
            {otherAddresses.map(({ channel, address, covered }) => (
              <List.Item key={`${channel} ${address}`}>
                {address}: {t(covered ? 'recorded.covered' : 'recorded.notCovered')}
              </List.Item>
            ))}
          </List>
        </div>
      )}
      <Group justify="flex-end">
        <Button onClick={done}>{t('recorded.done')}</Button>
      </Group>
    </Stack>
  );
}
