import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem-note';
import { SEGMENTS, type Segment } from './segment-data';

/** A copy that changes no more. */
export function FreezeSegment({ segment, close }: { segment: Segment; close: () => void }) {
  const { t } = useTranslation('segments');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(() =>
    t('freeze.named', { name: segment.name, day: new Date().toLocaleDateString('sv-SE') }),
  );
  const freeze = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/segments/{id}/freeze', {
          params: { path: { id: segment.id } },
          body: { name: name.trim() },
        }),
      ),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: SEGMENTS });
      close();
      await navigate(`/malgrupper/${id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') freeze.mutate();
  };
  return (
    <Dialog close={close} title={t('freeze.title')}>
      <form onSubmit={submit}>
        <Stack>
          <Text>{t('freeze.what')}</Text>
          {freeze.isError && <ProblemNote error={freeze.error} />}
          <TextInput
            label={t('freeze.name')}
            required
            maxLength={200}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={freeze.isPending}>
              {t('freeze.act')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
