import { Alert, Button, Checkbox, Stack, Text, Textarea, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { Loaded } from '../../../parts/loaded';
import { When } from '../../../parts/when';
import { FormDialog } from '../form-dialog';
import { useSaving } from '../saving';
import { CHANNELS, INCIDENTS } from './operations-queries';

type Incident = Answer<'Incident'>;

/** Promises seen broken. While one is open nothing is sent; a person closes it. */
export function Incidents() {
  const { t } = useTranslation('settings');
  const mayClose = useSession().can('operations:manage');
  const [closing, setClosing] = useState<Incident | null>(null);
  const incidents = useQuery({
    queryKey: INCIDENTS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/incidents', { signal })),
    refetchInterval: 15_000,
  });
  return (
    <Stack component="section" gap="sm" aria-labelledby="incidents">
      <Title order={2} id="incidents">
        {t('incidents.title')}
      </Title>
      <Loaded query={incidents}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t('incidents.none')}</Text>
          ) : (
            items.map((incident) => (
              <One
                key={incident.id}
                incident={incident}
                close={mayClose ? () => setClosing(incident) : undefined}
              />
            ))
          )
        }
      </Loaded>
      {closing && <CloseForm incident={closing} close={() => setClosing(null)} />}
    </Stack>
  );
}

function One({ incident, close }: { incident: Incident; close?: () => void }) {
  const { t } = useTranslation('settings');
  const { kind, openedAt, closedAt, note, accepted } = incident;
  if (closedAt) {
    return (
      <Text fz="sm">
        {t(`incidents.kind.${kind}`)} <When at={openedAt} /> – {t('incidents.closed')}{' '}
        <When at={closedAt} />
        {accepted && ` (${t('incidents.accepted')})`}
        {note && `: ${note}`}
      </Text>
    );
  }
  return (
    <Alert color="red" variant="outline" role="alert" title={t('incidents.open')}>
      <Stack gap="sm" align="flex-start">
        <Text>
          {t(`incidents.kind.${kind}`)} <When at={openedAt} />
        </Text>
        {close && (
          <Button variant="default" size="xs" onClick={close}>
            {t('incidents.close')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function CloseForm({ incident, close }: { incident: Incident; close: () => void }) {
  const { t } = useTranslation('settings');
  const queries = useQueryClient();
  const form = useForm({ initialValues: { note: '', accept: false } });
  const saving = useSaving(
    form,
    (body) =>
      answer(
        api.POST('/api/v1/incidents/{id}/close', { params: { path: { id: incident.id } }, body }),
      ),
    {
      changes: INCIDENTS,
      done: () => {
        close();
        void queries.invalidateQueries({ queryKey: CHANNELS });
      },
    },
  );
  return (
    <FormDialog
      title={t('incidents.closeTitle')}
      act={t('incidents.close')}
      close={close}
      submit={form.onSubmit(saving.send)}
      busy={saving.busy}
      error={saving.error}
    >
      <Text>{t('incidents.closeText')}</Text>
      <Textarea
        {...form.getInputProps('note')}
        label={t('incidents.note')}
        description={t('incidents.noteHint')}
        maxLength={1000}
        autosize
        minRows={3}
        required
      />
      <Checkbox
        {...form.getInputProps('accept', { type: 'checkbox' })}
        label={t('incidents.accept')}
        description={t('incidents.acceptHint')}
      />
    </FormDialog>
  );
}
