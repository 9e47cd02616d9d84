import { Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { SayNo } from '../desk/say-no';
import { fullName } from './full-name';
import { MergePerson } from './merge-person';
import { PersonFacts } from './person-facts';
import { PersonLearning } from './person-learning';
import { PersonTimeline } from './person-timeline';
import { RepeatConfirmation } from './repeat-confirmation';
import { personKey } from '../../api/person-queries';
import { RestrictPerson } from './restrict-person';
import { Standing } from './standing';

/** Everything about one person: may we write to them, why not, and what has happened. */
export function Person() {
  const { t, i18n } = useTranslation('people');
  const { id } = useParams() as { id: string };
  const { can } = useSession();
  const contact = useQuery({
    queryKey: personKey(id, 'contact'),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/contacts/{id}', { params: { path: { id } }, signal })),
  });
  const lang = i18n.language;
  const standing = useQuery({
    queryKey: personKey(id, 'standing', lang),
    enabled: can('registry:read'),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/registry/contacts/{id}', {
          params: { path: { id }, query: { lang } },
          signal,
        }),
      ),
  });
  const name = contact.data && (fullName(contact.data) ?? contact.data.addresses[0]?.value);
  return (
    <Page
      title={name ?? t('nameless')}
      back={{ to: '/kontakter', name: t('title') }}
      actions={contact.data && <Actions contact={contact.data} standing={standing.data} />}
    >
      <Loaded query={contact}>
        {(known) => (
          <Stack gap="xl">
            <Text c="dimmed" mt="-md">
              {summary(known, (kind) => t(`kind.${kind}`))}
            </Text>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
              <Stack gap="xl">
                <Stack component="section" aria-labelledby="standing">
                  <Title order={2} id="standing">
                    {t('standing.title')}
                  </Title>
                  {can('registry:read') && (
                    <Loaded query={standing}>
                      {(said) => <Standing standing={said} contact={known} />}
                    </Loaded>
                  )}
                </Stack>
                <PersonLearning id={known.id} />
              </Stack>
              <PersonFacts contact={known} />
            </SimpleGrid>
            {can('registry:read') && <PersonTimeline id={known.id} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function summary(contact: Answer<'Contact'>, kindName: (kind: string) => string): string {
  const { title, organisation, city, kinds } = contact;
  const place = [title, organisation?.name, city].filter(Boolean).join(', ');
  return [place, ...kinds.map(kindName)].filter(Boolean).join(' · ');
}

function Actions(props: { contact: Answer<'Contact'>; standing?: Answer<'Explanation'> }) {
  const { can } = useSession();
  const { t } = useTranslation('people');
  const { contact, standing } = props;
  const waits = standing?.addresses.some(({ topics }) =>
    topics.some(({ reason }) => reason === 'ground_pending'),
  );
  const restricted = standing?.addresses.some(({ topics }) =>
    topics.some(({ reason }) => reason === 'restricted'),
  );
  return (
    <Group gap="sm">
      {can('contacts:write') && waits && <RepeatConfirmation id={contact.id} />}
      {can('contacts:write') && <MergePerson contact={contact} />}
      {can('opt-outs:record') && !restricted && <RestrictPerson id={contact.id} />}
      {can('opt-outs:record') && (
        <SayNo about={{ contactId: contact.id }}>
          {(open) => <Button onClick={open}>{t('sayNo')}</Button>}
        </SayNo>
      )}
    </Group>
  );
}
