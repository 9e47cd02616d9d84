import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem-note';
import { useWhen } from '../../parts/when';
import { AlsoHere } from './also-here';
import classes from './campaign.module.css';
import { Awaited } from './awaited';
import { campaignQuery, faultsQuery, type Campaign } from './campaign-data';
import { useFaultWords } from './card';
import { Conflict } from './conflict';
import { ContentCard } from './content-card';
import { faultsByCard } from './faults-by-card';
import { History } from './history';
import { Note } from './note';
import { RecipientsCard } from './recipients-card';
import { SenderCard } from './sender-card';
import { SubjectCard } from './subject-card';
import { TimeCard } from './time-card';
import { useDraft, type Draft } from './use-draft';

const EDITABLE: readonly Campaign['state'][] = ['draft', 'awaiting_approval', 'approved'];

/** One campaign as a checklist: five things, each done or with what is missing. */
export function CampaignPage() {
  const { id = '' } = useParams();
  const query = useQuery(campaignQuery(id));
  if (!query.data) return <Awaited query={query} />;
  return <Loaded query={query}>{(campaign) => <Checklist campaign={campaign} />}</Loaded>;
}

function Checklist({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const { can } = useSession();
  const navigate = useNavigate();
  const [history, history_] = useDisclosure();
  const draft = useDraft(campaign);
  const found = useQuery({ ...faultsQuery(campaign), placeholderData: keepPreviousData });
  const faults = found.data && faultsByCard(found.data);
  const isEditable = EDITABLE.includes(campaign.state);
  const locked = !isEditable || !can('campaigns:write');
  const errors = draft.problem?.byField(({ message }) => message) ?? {};
  const review = async () => {
    if (await draft.flush()) await navigate(`/utskick/${campaign.id}/granska`);
  };
  const card = (name: keyof NonNullable<typeof faults>) => ({
    draft,
    errors,
    // What is shown as missing is about what is saved; a card that is being written in is not judged.
    faults: isEditable ? faults?.[name] : undefined,
  });
  return (
    <Page
      title={draft.values.name}
      back={{ to: '/utskick', name: t('list.title') }}
      size="56rem"
      actions={
        <>
          <Button variant="default" onClick={history_.open}>
            {t('history.button')}
          </Button>
          {isEditable && <Button onClick={() => void review()}>{t('act.review')}</Button>}
        </>
      }
    >
      <StateNote campaign={campaign} />
      {!locked && (
        <Stack className={classes.saving} gap="xs">
          <SaveState draft={draft} campaign={campaign} />
          <AlsoHere id={campaign.id} />
          {draft.conflict && <Conflict draft={draft} conflict={draft.conflict} />}
          {draft.problem && !draft.conflict && (
            <ProblemNote error={draft.problem} retry={draft.flush} />
          )}
        </Stack>
      )}
      <Fieldset locked={locked}>
        <Stack gap="lg">
          <TextInput
            label={t('new.name')}
            maw="40rem"
            value={draft.values.name}
            maxLength={200}
            error={errors.name}
            onChange={({ currentTarget }) => draft.change({ name: currentTarget.value })}
          />
          <SenderCard {...card('sender')} />
          <RecipientsCard {...card('recipients')} campaign={campaign} />
          {campaign.channel === 'email' && <SubjectCard {...card('subject')} />}
          <ContentCard {...card('content')} campaign={campaign} />
          <TimeCard {...card('time')} campaign={campaign} />
        </Stack>
      </Fieldset>
      {isEditable && (
        <Group>
          <Button size="md" onClick={() => void review()}>
            {t('act.review')}
          </Button>
        </Group>
      )}
      <History campaign={campaign} opened={history} onClose={history_.close} canRestore={!locked} />
    </Page>
  );
}

function Fieldset({ locked, children }: { locked: boolean; children: React.ReactNode }) {
  return (
    <fieldset disabled={locked} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      {children}
    </fieldset>
  );
}

/** What its state means for whoever looks at it. */
function StateNote({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const words = useFaultWords();
  const { state, id, cameBack, approvalIsVoid } = campaign;
  if (state === 'draft') {
    if (cameBack.length === 0) return null;
    return (
      <Note title={t('cameBack')}>
        {cameBack.map((code) => (
          <Text key={code}>{words({ code, path: '', message: code })}</Text>
        ))}
      </Note>
    );
  }
  const isOut = state === 'launched';
  return (
    <Note
      title={t(`state.${campaign.progress.state}`)}
      help={state === 'awaiting_approval' ? 'awaiting' : undefined}
    >
      <Text>{t(`stateNote.${approvalIsVoid ? 'void' : state}`)}</Text>
      {(isOut || state === 'launching') && (
        <Button
          component={Link}
          to={`/utskick/${id}/${isOut ? 'rapport' : 'granska'}`}
          variant="default"
        >
          {t(isOut ? 'act.report' : 'act.look')}
        </Button>
      )}
    </Note>
  );
}

function SaveState({ draft, campaign }: { draft: Draft; campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const clock = useWhen()(campaign.updatedAt, 'clock');
  const name = campaign.savedByName ?? '';
  const saved = name ? t('save.savedBy', { clock, name }) : t('save.saved', { clock });
  return (
    <Text fz="sm" c="dimmed" role="status">
      {draft.state === 'saved' ? saved : t(`save.${draft.state}`)}
    </Text>
  );
}
