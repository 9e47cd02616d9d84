import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { asProblem } from '../../api/problem';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem-note';
import { When } from '../../parts/when';
import { AlsoHere } from '../campaigns/also-here';
import { ContentEditor } from './editor/content-editor';
import { wordsOf, type Draft } from './editor/draft';
import { useHistory } from './editor/history';
import { useLeaving } from './editor/use-leaving';

interface Written extends Draft {
  id: string;
  name: string;
  state: string;
  version: number;
  senderName: string | null;
}

const EDITABLE: readonly string[] = ['draft', 'awaiting_approval', 'approved'];

/** What a campaign says, saved as it is written. */
export function CampaignContentScreen() {
  const { id = '' } = useParams();
  const { t } = useTranslation('content');
  const campaign = useQuery({
    queryKey: ['campaign-content', id],
    queryFn: async ({ signal }) =>
      (await answer(
        api.GET('/api/v1/campaigns/{id}', { params: { path: { id } }, signal }),
      )) as unknown as Written,
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <Page
      title={t('campaign.title')}
      back={{ to: `/utskick/${id}`, name: campaign.data?.name ?? t('campaign.back') }}
      size="100%"
    >
      <Loaded query={campaign}>
        {(data) => (
          <CampaignContent key={data.version} campaign={data} reload={() => campaign.refetch()} />
        )}
      </Loaded>
    </Page>
  );
}

function CampaignContent(props: { campaign: Written; reload: () => unknown }) {
  const { campaign, reload } = props;
  const { t } = useTranslation('content');
  const { can } = useSession();
  const navigate = useNavigate();
  const { channel, language, subject, preheader, body, blocks, senderName } = campaign;
  // A mail that nobody has begun is written as blocks.
  const begun = channel === 'email' && blocks === null && body === '' ? [] : blocks;
  const edited = useHistory<Draft>({ channel, language, subject, preheader, body, blocks: begun });
  const mayWrite = can('campaigns:write') && EDITABLE.includes(campaign.state);
  if (!mayWrite) return <Text>{t('campaign.closed')}</Text>;
  return (
    <ContentEditor
      edited={edited}
      senderName={senderName ?? undefined}
      goToLine={() => void navigate(`/utskick/${campaign.id}`)}
    >
      <Autosave campaign={campaign} draft={edited.present} reload={reload} />
    </ContentEditor>
  );
}

/** Saves a moment after the last change, one save at a time. */
function Autosave(props: { campaign: Written; draft: Draft; reload: () => unknown }) {
  const { campaign, draft, reload } = props;
  const { t } = useTranslation('content');
  const queries = useQueryClient();
  const [kept, setKept] = useState({ draft, version: campaign.version, at: '' });
  const [settled] = useDebouncedValue(draft, 800);
  const save = useMutation({
    mutationFn: (next: Draft) =>
      answer(
        api.PATCH('/api/v1/campaigns/{id}', {
          params: { path: { id: campaign.id } },
          body: { version: kept.version, ...wordsOf(next) } as never,
        }),
      ) as unknown as Promise<Written & { updatedAt: string }>,
    onSuccess: ({ version, updatedAt }, next) => {
      setKept({ draft: next, version, at: updatedAt });
      return queries.invalidateQueries({ queryKey: ['campaigns'] });
    },
  });
  const { isPending, isError, mutate } = save;
  useEffect(() => {
    if (settled !== kept.draft && settled === draft && !isPending && !isError) mutate(settled);
  }, [settled, draft, kept.draft, isPending, isError, mutate]);
  useLeaving(draft !== kept.draft);
  const clash = isError && asProblem(save.error).code === 'campaign_changed';
  return (
    <>
      {clash && (
        <Alert role="alert" color="red" variant="outline" title={t('campaign.clash')}>
          <Text>{t('campaign.clashWhat')}</Text>
          <Button mt="sm" variant="default" onClick={() => void reload()}>
            {t('campaign.reload')}
          </Button>
        </Alert>
      )}
      {isError && !clash && <ProblemNote error={save.error} retry={() => mutate(draft)} />}
      <AlsoHere id={campaign.id} />
      <Group justify="space-between">
        <Text fz="sm" c="dimmed" role="status">
          {draft !== kept.draft || isPending ? (
            t('campaign.saving')
          ) : kept.at ? (
            <>
              {t('campaign.saved')} <When at={kept.at} form="clock" />
            </>
          ) : (
            t('campaign.unchanged')
          )}
        </Text>
        <Anchor component={Link} to={`/utskick/${campaign.id}`} fz="sm">
          {t('campaign.done')}
        </Anchor>
      </Group>
    </>
  );
}
