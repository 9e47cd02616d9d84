import { Button, NativeSelect, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { CAMPAIGNS, type Campaign } from './campaign-data';
import { Card } from './card';
import type { CardProps } from './card-props';
import { MailFrame } from './mail-frame';

/** What it says, and how that looks. `campaign` is what is saved: that is what is shown. */
export function ContentCard(props: CardProps & { campaign: Campaign }) {
  const { campaign, draft, faults } = props;
  const { t } = useTranslation('campaigns');
  const { can } = useSession();
  const navigate = useNavigate();
  const { values, change } = draft;
  // What is written here is in the version that is edited there.
  const edit = async () => {
    if (await draft.flush()) await navigate(`/utskick/${campaign.id}/innehall`);
  };
  return (
    <Card title={t('card.content')} faults={faults}>
      <Stack>
        <NativeSelect
          label={t('content.language')}
          description={t('content.languageHint')}
          maw="20rem"
          value={values.language}
          onChange={({ currentTarget }) => change({ language: currentTarget.value as 'sv' | 'en' })}
          data={[
            { value: 'sv', label: t('language.sv') },
            { value: 'en', label: t('language.en') },
          ]}
        />
        {can('campaigns:write') && (
          <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => void edit()}>
            {t(campaign.body === '' ? 'content.write' : 'content.edit')}
          </Button>
        )}
        {can('contacts:read') && campaign.body !== '' && <Preview campaign={campaign} />}
      </Stack>
    </Card>
  );
}

function Preview({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const params = { path: { id: campaign.id } };
  const query = useQuery({
    queryKey: [...CAMPAIGNS, campaign.id, 'preview', campaign.version],
    queryFn: () => answer(api.POST('/api/v1/campaigns/{id}/preview', { params, body: {} })),
    placeholderData: keepPreviousData,
  });
  return (
    <Loaded query={query}>
      {({ html, text, sms }) => {
        if (campaign.channel === 'sms') {
          return (
            <Stack gap={4}>
              <Text style={{ whiteSpace: 'pre-wrap' }}>{text}</Text>
              {sms && (
                <Text fz="sm" c="dimmed">
                  {t('content.segments', { count: sms.segments })}
                </Text>
              )}
            </Stack>
          );
        }
        if (html === null) return <Text c="dimmed">{t('content.notShown')}</Text>;
        return <MailFrame html={html} title={t('content.preview')} />;
      }}
    </Loaded>
  );
}
