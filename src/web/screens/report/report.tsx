import { Anchor, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { Page } from '../../parts/page';
import { useWhen } from '../../parts/when';
import { Asked } from '../campaigns/asked';
import { campaignQuery } from '../campaigns/campaign-data';
import { Faults, OptOuts, SmsCosts, Unknown, Withheld } from './explanations';
import { Hours } from './hours';
import { LinkClicks } from './link-clicks';
import { LiveRun } from './live-run';
import { Measures } from './measures';
import { People } from './people';

/** Slower than the bar above them: these numbers take more to count. */
const WHILE_SENDING_MS = 10_000;

/** How a campaign goes, and how it went. */
export function Report() {
  const { t } = useTranslation('report');
  const { id = '' } = useParams();
  const report = useQuery({
    queryKey: ['campaign', id, 'report'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/campaigns/{id}/report', { params: { path: { id } }, signal })),
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'sending' ? WHILE_SENDING_MS : false,
  });
  const name = report.data?.name;
  return (
    <Page
      title={name ? t('titleOf', { name }) : t('title')}
      back={{ to: '/utskick', name: t('up') }}
      actions={report.data?.measures && <Table id={id} />}
    >
      <Loaded query={report}>{(data) => <Contents report={data} />}</Loaded>
    </Page>
  );
}

function Contents({ report }: { report: Answer<'CampaignReport'> }) {
  const { t } = useTranslation('report');
  const when = useWhen();
  const { can } = useSession();
  const { campaignId: id, state, launchedAt, finishedAt, measures } = report;
  const started = measures !== null || state === 'launching' || state === 'launched';
  if (!started) {
    return (
      <Nothing title={t('notSent.title')} text={t('notSent.text')}>
        <Button component={Link} to={`/utskick/${id}`} variant="default">
          {t('notSent.open')}
        </Button>
      </Nothing>
    );
  }
  return (
    <Stack gap="xl">
      <Text>
        {t(`state.${state}`)}. {launchedAt && t('started', { at: when(launchedAt) })}{' '}
        {finishedAt && t('ended', { at: when(finishedAt) })}
      </Text>
      <Whom id={id} />
      <LiveRun id={id} />
      {measures && (
        <>
          <Measures report={report} measures={measures} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="xl">
            <Withheld report={report} />
            <Stack gap="xl">
              <OptOuts report={report} />
              <Faults report={report} />
              <Unknown report={report} />
              <SmsCosts report={report} />
            </Stack>
          </SimpleGrid>
          <Hours report={report} />
          {report.links && <LinkClicks report={report} links={report.links} />}
          {can('contacts:read') && <People id={id} />}
        </>
      )}
    </Stack>
  );
}

function Whom({ id }: { id: string }) {
  const campaign = useQuery(campaignQuery(id));
  return campaign.data && <Asked campaign={campaign.data} />;
}

function Table({ id }: { id: string }) {
  const { t, i18n } = useTranslation('report');
  return (
    <Group>
      <Anchor href={`/api/v1/campaigns/${id}/report.csv?lang=${i18n.language}`} download>
        {t('csv')}
      </Anchor>
    </Group>
  );
}
