import { Anchor, List, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Answer } from '../../api/client';

/** What leaves next, by the clock it was planned by. */
export function PlannedList({ planned }: { planned: Answer<'Planned'>[] }) {
  const { t } = useTranslation('overview');
  return (
    <Stack component="section" gap="sm" aria-labelledby="planned">
      <Title order={2} id="planned">
        {t('planned.title')}
      </Title>
      {planned.length === 0 ? (
        <Text>{t('planned.none')}</Text>
      ) : (
        <List listStyleType="none" spacing="sm">
          {planned.map((campaign) => (
            <List.Item key={campaign.campaignId}>
              <Anchor component={Link} to={`/utskick/${campaign.campaignId}`}>
                {campaign.name}
              </Anchor>
              <Text fz="sm">
                <Moment campaign={campaign} />
                {' · '}
                {t(campaign.approved ? 'planned.approved' : 'planned.waiting')}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

/** tisdag 24 november 09:00 (Stockholm) */
function Moment({ campaign: { sendAt, timeZone } }: { campaign: Answer<'Planned'> }) {
  const { i18n } = useTranslation('overview');
  const locale = i18n.language === 'en' ? 'en-GB' : 'sv-SE';
  const words = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(sendAt));
  const city = timeZone.split('/').at(-1)!.replaceAll('_', ' ');
  return (
    <time dateTime={sendAt}>
      {words} ({city})
    </time>
  );
}
