import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { FieldFault } from '../../api/problem';
import { useSession } from '../../frame/session';
import { Help, type HelpAbout } from '../../parts/help';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Awaited } from './awaited';
import { Arithmetic } from './arithmetic';
import { Asked } from './asked';
import { audienceQuery, campaignQuery, faultsQuery, type Campaign } from './campaign-data';
import { useCampaignWords } from './campaign-words';
import { useFaultWords } from './card';
import { Decision } from './decision';
import { hasGone } from './faults-by-card';
import { Note } from './note';
import { Regret } from './regret';
import { Samples } from './samples';
import { useSentence } from './sentence';
import { TestSend } from './test-send';

/** The last look: exactly what will happen, to how many, and when; then the act itself. */
export function Review() {
  const { id = '' } = useParams();
  const query = useQuery({
    ...campaignQuery(id),
    refetchInterval: ({ state }) => (state.data?.state === 'launching' ? 2_000 : false),
  });
  if (!query.data) return <Awaited query={query} />;
  return <Loaded query={query}>{(campaign) => <Reviewed campaign={campaign} />}</Loaded>;
}

function Reviewed({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const { can } = useSession();
  const isUnderWay = campaign.state === 'launching' || campaign.state === 'launched';
  const isOver = campaign.state === 'cancelled' || campaign.state === 'expired';
  return (
    <Page
      title={t('review.title')}
      back={{ to: `/utskick/${campaign.id}`, name: campaign.name }}
      size="56rem"
    >
      {isUnderWay ? (
        <Regret campaign={campaign} />
      ) : isOver ? (
        <Note>{t(`stateNote.${campaign.state}`)}</Note>
      ) : (
        <Before campaign={campaign} />
      )}
      {!isOver && campaign.state !== 'launched' && (
        <>
          <Section title={t('review.recipients')}>
            <Asked campaign={campaign} />
            <Arithmetic campaign={campaign} />
          </Section>
          <Section title={t('review.samples')}>
            <Samples campaign={campaign} />
          </Section>
        </>
      )}
      {can('campaigns:write') && !isOver && !isUnderWay && (
        <Section title={t('test.title')} help="test">
          <TestSend campaign={campaign} />
        </Section>
      )}
    </Page>
  );
}

/** The sentence, what is missing, and the decision. */
function Before({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const faults = useQuery(faultsQuery(campaign));
  const audience = useQuery(audienceQuery(campaign));
  const sentence = useSentence();
  const { can } = useSession();
  const isFree = (gets: number) =>
    campaign.state === 'approved' || gets <= campaign.limits.approvalAbove;
  const byMe = (gets: number) => can('campaigns:send') && isFree(gets);
  return (
    <Loaded query={faults}>
      {(missing) => (
        <Stack>
          {audience.data && missing.length === 0 && (
            <Text fz="xl">{sentence(campaign, audience.data.gets, byMe(audience.data.gets))}</Text>
          )}
          <Checks campaign={campaign} faults={missing} />
          {missing.length === 0 && (
            <Loaded query={audience}>
              {(count) => count && <Decision campaign={campaign} gets={count.gets} />}
            </Loaded>
          )}
          {missing.length > 0 && (
            <Anchor component={Link} to={`/utskick/${campaign.id}`}>
              {t('review.mend')}
            </Anchor>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function Checks({ campaign, faults }: { campaign: Campaign; faults: readonly FieldFault[] }) {
  const { t } = useTranslation('campaigns');
  const words = useFaultWords();
  const { moment } = useCampaignWords();
  const { waits } = campaign;
  const gone = hasGone(campaign, Date.now());
  return (
    <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
      {faults.length === 0 && <Check ok>{t('review.ready')}</Check>}
      {faults.map((fault) => (
        <Check key={`${fault.path} ${fault.code} ${fault.message}`}>{words(fault)}</Check>
      ))}
      {gone && <Check>{t('time.gone')}</Check>}
      {waits && (
        <Check ok>
          {t(`review.waits.${campaign.channel}`, {
            from: waits.from,
            to: waits.to,
            when: moment(waits.until, 'Europe/Stockholm'),
          })}
        </Check>
      )}
      <Check ok={campaign.testSentAt !== null}>
        {t(campaign.testSentAt === null ? 'review.untested' : 'review.tested')}
      </Check>
    </Stack>
  );
}

function Check({ ok = false, children }: { ok?: boolean; children: React.ReactNode }) {
  const Icon = ok ? IconCircleCheck : IconAlertCircle;
  return (
    <li style={{ display: 'flex', gap: '0.5rem' }}>
      <Icon
        size={20}
        style={{ flexShrink: 0, marginTop: 2 }}
        color={`var(--mantine-color-${ok ? 'green' : 'orange'}-6)`}
        aria-hidden
      />
      <span>{children}</span>
    </li>
  );
}

function Section(props: { title: string; help?: HelpAbout; children: React.ReactNode }) {
  const { title, help, children } = props;
  return (
    <Paper component="section" withBorder p="lg" aria-label={title}>
      <Stack>
        <Group gap={4} wrap="nowrap">
          <Title order={2} fz="h3">
            {title}
          </Title>
          {help && <Help about={help} />}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
