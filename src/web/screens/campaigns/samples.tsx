import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useState } from 'react';
import type { Answer } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { samplesQuery, type Campaign } from './campaign-data';
import { MailFrame } from './mail-frame';

/** As three of those see it who get it. */
export function Samples({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const query = useQuery(samplesQuery(campaign));
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Text c="dimmed">{t('content.notShown')}</Text>
        ) : (
          <Shown items={items} channel={campaign.channel} />
        )
      }
    </Loaded>
  );
}

function Shown({ items, channel }: { items: Answer<'Sample'>[]; channel: Campaign['channel'] }) {
  const { t } = useTranslation('campaigns');
  const [shown, setShown] = useState('0');
  const item = items[Number(shown)] ?? items[0]!;
  const nameOf = (sample: Answer<'Sample'>) =>
    sample.contact
      ? sample.contact.name || t('samples.nameless', { number: items.indexOf(sample) + 1 })
      : t('samples.invented');
  return (
    <Stack>
      {items.length > 1 && (
        <SegmentedControl
          aria-label={t('samples.whose')}
          value={shown}
          onChange={setShown}
          data={items.map((sample, n) => ({ value: String(n), label: nameOf(sample) }))}
          style={{ alignSelf: 'flex-start', maxWidth: '100%', flexWrap: 'wrap' }}
        />
      )}
      <Text fz="sm" c="dimmed">
        {t('samples.as', { name: nameOf(item) })}
        {item.contact?.organisation && ` (${item.contact.organisation})`}
      </Text>
      {channel === 'sms' ? (
        <Text style={{ whiteSpace: 'pre-wrap' }}>{item.text}</Text>
      ) : (
        <>
          <Text fw={700}>{item.subject}</Text>
          <MailFrame html={item.html} title={t('samples.frame', { name: nameOf(item) })} />
        </>
      )}
    </Stack>
  );
}
