import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { useSession } from '../../frame/session';
import { useNumbers } from '../../parts/numbers';
import { ProblemNote } from '../../parts/problem-note';
import { CAMPAIGNS, type Campaign } from './campaign-data';
import { useCampaignWords } from './campaign-words';
import { Note } from './note';

type Act = 'launch' | 'schedule' | 'approve' | 'submit' | 'withdraw';

/** What this person may do next with this campaign: one act, and why not more. */
export function Decision({ campaign, gets }: { campaign: Campaign; gets: number }) {
  const { t } = useTranslation('campaigns');
  const { count } = useNumbers();
  const { me, can } = useSession();
  const words = useCampaignWords();
  const { state, sendAt, timeZone, limits } = campaign;
  const isPlanned = sendAt !== null;
  const isSmall = gets <= limits.approvalAbove;
  const isOwn = campaign.createdBy === me.id;
  const mayApprove = can('campaigns:approve') && (isSmall || !isOwn);
  const limit = { limit: count(limits.approvalAbove) };

  if (campaign.approvalIsVoid) {
    return (
      <Note title={t('decision.void')}>
        {can('campaigns:write') && <ActButton campaign={campaign} act="withdraw" quiet />}
      </Note>
    );
  }
  if (state === 'approved' && isPlanned) {
    const when = words.moment(campaign.leavesAt ?? sendAt, timeZone);
    return (
      <Note title={t('decision.scheduled', { when })}>
        {can('campaigns:write') && <ActButton campaign={campaign} act="withdraw" quiet />}
      </Note>
    );
  }
  if (state === 'approved' || (state === 'draft' && isSmall && can('campaigns:send'))) {
    if (!can('campaigns:send')) return <Note title={t('decision.approved')} />;
    return <ActButton campaign={campaign} act={isPlanned ? 'schedule' : 'launch'} gets={gets} />;
  }
  if (state === 'awaiting_approval') {
    return (
      <Note title={t(mayApprove ? 'decision.approveThis' : 'decision.waits')}>
        {mayApprove && (
          <ActButton campaign={campaign} act="approve" gets={isPlanned ? gets : undefined} />
        )}
        {can('campaigns:write') && <ActButton campaign={campaign} act="withdraw" quiet />}
      </Note>
    );
  }
  if (!can('campaigns:write')) return <Note title={t('decision.notYours')} />;
  return (
    <Note title={t('decision.needsAnother', limit)} help="awaiting">
      <ActButton campaign={campaign} act="submit" />
    </Note>
  );
}

/** The button states the act and the number; above the limit the number is typed first. */
function ActButton(props: { campaign: Campaign; act: Act; gets?: number; quiet?: boolean }) {
  const { campaign, act, gets, quiet } = props;
  const { t } = useTranslation('campaigns');
  const { count } = useNumbers();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<string | number>('');
  const mustType = gets !== undefined && gets > campaign.limits.confirmAbove;
  const params = { path: { id: campaign.id } };
  const does = useMutation({
    mutationFn: () =>
      act === 'submit' || act === 'withdraw'
        ? answer(api.POST(`/api/v1/campaigns/{id}/${act}`, { params }))
        : answer(
            api.POST(`/api/v1/campaigns/{id}/${act}`, {
              params,
              body: mustType ? { expected: Number(typed) } : { expected: gets },
            }),
          ),
    // Also after a refusal: it may be that another was quicker.
    onSettled: () => queries.invalidateQueries({ queryKey: CAMPAIGNS }),
  });
  const number = { count: gets ?? 0, people: count(gets ?? 0) };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        does.mutate();
      }}
    >
      <Stack align="flex-start">
        {mustType && (
          <NumberInput
            label={t('decision.type', { people: count(gets) })}
            description={t('decision.typeHint')}
            value={typed}
            onChange={setTyped}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            required
            inputMode="numeric"
          />
        )}
        {mustType && typed !== '' && Number(typed) !== gets && (
          <Text role="status">{t('decision.notThat')}</Text>
        )}
        <Group>
          <Button
            type="submit"
            size={quiet ? 'sm' : 'md'}
            variant={quiet ? 'default' : 'filled'}
            loading={does.isPending}
            disabled={mustType && Number(typed) !== gets}
          >
            {t(`decision.${act}`, number)}
          </Button>
        </Group>
        {does.isError && <ProblemNote error={does.error} />}
      </Stack>
    </form>
  );
}
