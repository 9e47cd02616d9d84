import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { useSession } from '../../frame/session';
import { ProblemNote } from '../../parts/problem-note';
import { campaignQuery, type Campaign } from './campaign-data';

/** To oneself or a colleague, marked as a test; its links change nothing. */
export function TestSend({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const { me } = useSession();
  const queries = useQueryClient();
  const isSms = campaign.channel === 'sms';
  const [to, setTo] = useState(isSms ? '' : (me.staff?.email ?? ''));
  const send = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/campaigns/{id}/test', {
          params: { path: { id: campaign.id } },
          body: { to: to.split(/[,;\s]+/).filter(Boolean) },
        }),
      ),
    onSuccess: () =>
      queries.invalidateQueries({ queryKey: campaignQuery(campaign.id).queryKey, exact: true }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack>
        <Group align="flex-end">
          <TextInput
            label={t(isSms ? 'test.numbers' : 'test.addresses')}
            description={t('test.hint')}
            value={to}
            required
            maxLength={500}
            style={{ flex: '1 1 18rem', maxWidth: '32rem' }}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={send.isPending}>
            {t('test.send')}
          </Button>
        </Group>
        {send.isError && <ProblemNote error={send.error} />}
        <div role="status">
          {send.data?.results.map(({ to, outcome }) => (
            <Text key={to}>{t(outcome === 'accepted' ? 'test.sent' : 'test.notSent', { to })}</Text>
          ))}
        </div>
      </Stack>
    </form>
  );
}
