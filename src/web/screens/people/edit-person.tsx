import { Alert, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { correctedAs, refusalOf } from '../../../domain/allowed-data';
import { answer, api, type Answer } from '../../api/client';
import { asProblem } from '../../api/problem';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem-note';
import { useRefreshPerson } from '../../api/person-queries';

type Change = Answer<'ContactChange'>;
type Form = Record<(typeof FIELDS)[number], string> & { language: 'sv' | 'en' };

const FIELDS = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'organisation',
  'title',
  'city',
] as const;

/** Puts right what we know, as far as the policy lets it be known of such people. Says before it is done that a new address starts without any consent. */
export function EditPerson({ contact, close }: { contact: Answer<'Contact'>; close: () => void }) {
  const { t, i18n } = useTranslation('people');
  const refresh = useRefreshPerson();
  const before = formOf(contact);
  const form = useForm<Form>({ initialValues: before });
  const save = useMutation({
    mutationFn: (body: Change) =>
      answer(
        api.PATCH('/api/v1/contacts/{id}', {
          params: { path: { id: contact.id }, query: { lang: i18n.language } },
          body,
        }),
      ),
    onSuccess: async () => {
      await refresh(contact.id);
      notifications.show({ message: t('edit.saved') });
      close();
    },
    onError: (error) => form.setErrors(asProblem(error).byField(({ message }) => message)),
  });
  const { kind, source } = correctedAs(contact.kinds);
  const allowed = FIELDS.filter((name) => refusalOf(kind, source, name) === null);
  const { email, phone } = form.values;
  const newAddress = email !== before.email || phone !== before.phone;
  return (
    <Dialog close={close} title={t('edit.heading')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(changed(before, values)))}>
        <Stack>
          {save.isError && asProblem(save.error).faults.length === 0 && (
            <ProblemNote error={save.error} />
          )}
          {allowed.map((name) => (
            <TextInput
              key={name}
              label={t(`edit.${name}`)}
              autoComplete="off"
              maxLength={320}
              {...form.getInputProps(name)}
            />
          ))}
          <NativeSelect
            label={t('facts.language')}
            data={(['sv', 'en'] as const).map((value) => ({
              value,
              label: t(`language.${value}`),
            }))}
            {...form.getInputProps('language')}
          />
          {newAddress && <Alert role="status">{t('edit.newAddress')}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('edit.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function formOf(contact: Answer<'Contact'>): Form {
  const first = (channel: 'email' | 'sms') =>
    contact.addresses.find((address) => address.channel === channel)?.value ?? '';
  return {
    firstName: contact.firstName ?? '',
    lastName: contact.lastName ?? '',
    email: first('email'),
    phone: first('sms'),
    organisation: contact.organisation?.name ?? '',
    title: contact.title ?? '',
    city: contact.city ?? '',
    language: contact.language,
  };
}

/** Only what is different; an emptied field takes the datum away. */
function changed(before: Form, after: Form): Change {
  const fields = FIELDS.filter((name) => before[name] !== after[name].trim());
  return {
    ...Object.fromEntries(fields.map((name) => [name, after[name].trim() || null])),
    ...(before.language !== after.language && { language: after.language }),
  };
}
