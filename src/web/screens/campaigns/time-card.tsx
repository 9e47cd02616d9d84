import { Group, NativeSelect, NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Campaign } from './campaign-data';
import { cityOf, useCampaignWords } from './campaign-words';
import { Card } from './card';
import type { CardProps } from './card-props';
import { hasGone } from './faults-by-card';
import { Note } from './note';

/** Most who send live in one of these; a campaign's own is always there too. */
const ZONES = ['Europe/Stockholm', 'Europe/Helsinki', 'Europe/London', 'UTC'];

/** When it goes. */
export function TimeCard(props: CardProps & { campaign: Campaign }) {
  const { campaign, draft, faults, errors } = props;
  const { t } = useTranslation('campaigns');
  const words = useCampaignWords();
  const { values, change } = draft;
  const planned = values.sendAtLocal !== null;
  return (
    <Card title={t('card.time')} help="window" faults={faults}>
      <Stack>
        <Radio.Group
          label={t('time.label')}
          value={planned ? 'planned' : 'launch'}
          onChange={(value) =>
            change({ sendAtLocal: value === 'launch' ? null : tomorrowAtNine() })
          }
        >
          <Stack gap="xs" pt="xs">
            <Radio value="launch" label={t('time.launch')} />
            <Radio value="planned" label={t('time.planned')} />
          </Stack>
        </Radio.Group>
        {planned && (
          <>
            <Group align="flex-start">
              <TextInput
                type="datetime-local"
                label={t('time.clock')}
                value={values.sendAtLocal ?? ''}
                error={errors.sendAtLocal}
                onChange={({ currentTarget }) =>
                  currentTarget.value && change({ sendAtLocal: currentTarget.value.slice(0, 16) })
                }
              />
              <NativeSelect
                label={t('time.zone')}
                value={values.timeZone}
                data={[...new Set([...ZONES, values.timeZone])].map((zone) => ({
                  value: zone,
                  label: cityOf(zone),
                }))}
                onChange={({ currentTarget }) => change({ timeZone: currentTarget.value })}
              />
              <NumberInput
                label={t('time.window')}
                description={t('time.windowHint')}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                min={1}
                max={336}
                allowDecimal={false}
                value={values.windowHours}
                error={errors.windowHours}
                hideControls
                onChange={(hours) => typeof hours === 'number' && change({ windowHours: hours })}
              />
            </Group>
            {campaign.sendAt && (
              <Text aria-live="polite">
                {t('time.words', { when: words.moment(campaign.sendAt, campaign.timeZone) })}
              </Text>
            )}
            {hasGone(campaign, Date.now()) && <Note>{t('time.gone')}</Note>}
          </>
        )}
      </Stack>
    </Card>
  );
}

function tomorrowAtNine(): string {
  const tomorrow = new Date(Date.now() + 86_400_000);
  // Swedish writes dates as ISO does.
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' }).format(tomorrow);
  return `${day}T09:00`;
}
