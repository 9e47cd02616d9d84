import { Alert, Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import { asProblem } from '../../api/problem';
import { ProblemNote } from '../../parts/problem-note';
import { useTopics } from './column-uses';
import { fromDetail, toSettings, type GroundForm } from './ground-form';
import { StepTitle } from './step-title';
import { useSettings, type Detail } from './import-queries';

/** The third step: with what right we write to these people. Without one they are stored, and get nothing. */
export function Ground(props: { detail: Detail; back: () => void; next: () => void }) {
  const { t } = useTranslation('imports');
  const { detail, back, next } = props;
  const topics = useTopics();
  const settings = useSettings(detail.id);
  const form = useForm<GroundForm>({ initialValues: fromDetail(detail) });
  const { consent, notice, attestation } = form.values;
  const save = (values: GroundForm) =>
    settings.mutate(toSettings(values, detail.kind), {
      onSuccess: next,
      onError: (error) =>
        form.setErrors(asProblem(error).byField(({ code }) => t(`fault.${code}`))),
    });
  return (
    <form onSubmit={form.onSubmit(save)}>
      <Stack gap="lg" maw="40rem">
        <StepTitle>{t('ground.title')}</StepTitle>
        <Alert variant="light">{t('ground.sticky')}</Alert>
        {settings.isError && asProblem(settings.error).faults.length === 0 && (
          <ProblemNote error={settings.error} />
        )}
        <Checkbox.Group
          label={t('ground.topics')}
          description={t('ground.topicsHint')}
          {...form.getInputProps('topics')}
        >
          <Stack gap="xs" mt="xs">
            {topics.map(({ key, name }) => (
              <Checkbox key={key} value={key} label={name} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Claim
          label={t('ground.consent.claim')}
          hint={t('ground.consent.hint')}
          field={form.getInputProps('consent.claimed', { type: 'checkbox' })}
          open={consent.claimed}
        >
          <Checkbox.Group
            label={t('ground.consent.channels')}
            {...form.getInputProps('consent.channels')}
          >
            <Group mt="xs">
              <Checkbox value="email" label={t('channel.email')} />
              <Checkbox value="sms" label={t('channel.sms')} />
            </Group>
          </Checkbox.Group>
          <TextInput
            label={t('ground.consent.reference')}
            description={t('ground.consent.referenceHint')}
            required
            maxLength={200}
            {...form.getInputProps('consent.reference')}
          />
          <TextInput
            type="date"
            label={t('ground.consent.at')}
            required
            {...form.getInputProps('consent.collectedAt')}
          />
        </Claim>
        {detail.kind === 'company_contact' && (
          <Claim
            label={t('ground.notice.claim')}
            hint={t('ground.notice.hint')}
            field={form.getInputProps('notice.claimed', { type: 'checkbox' })}
            open={notice.claimed}
          >
            <TextInput
              type="date"
              label={t('ground.notice.at')}
              required
              {...form.getInputProps('notice.at')}
            />
          </Claim>
        )}
        {detail.kind === 'learner' && (
          <Claim
            label={t('ground.attestation.claim')}
            hint={t('ground.attestation.hint')}
            field={form.getInputProps('attestation.claimed', { type: 'checkbox' })}
            open={attestation.claimed}
          >
            {(['company', 'attestedBy', 'channel'] as const).map((name) => (
              <TextInput
                key={name}
                label={t(`ground.attestation.${name}`)}
                required
                maxLength={200}
                {...form.getInputProps(`attestation.${name}`)}
              />
            ))}
            <TextInput
              type="date"
              label={t('ground.attestation.at')}
              required
              {...form.getInputProps('attestation.at')}
            />
          </Claim>
        )}
        <Group>
          <Button variant="default" onClick={back}>
            {t('back')}
          </Button>
          <Button type="submit" loading={settings.isPending}>
            {t('next')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Something one says is true; what is needed to prove it is asked only then. */
function Claim(props: {
  label: string;
  hint: string;
  field: object;
  open: boolean;
  children: ReactNode;
}) {
  return (
    <Stack gap="sm">
      <Checkbox label={props.label} description={props.hint} {...props.field} />
      {props.open && (
        <Stack gap="sm" pl="xl">
          {props.children}
        </Stack>
      )}
    </Stack>
  );
}
