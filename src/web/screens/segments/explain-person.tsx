import { Group, Select, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { fullName } from '../people/full-name';
import { inLanguage, SEGMENTS, type Segment } from './segment-data';

/** Why somebody is in it, or is not: each rule, and whether it holds. */
export function ExplainPerson({ segment, isChanged }: { segment: Segment; isChanged: boolean }) {
  const { t } = useTranslation('segments');
  const [contactId, setContactId] = useState<string | null>(null);
  return (
    <Stack component="section" aria-labelledby="why" gap="sm">
      <Title order={2} id="why">
        {t('why.title')}
      </Title>
      {isChanged && <Text c="dimmed">{t('why.saved')}</Text>}
      <PersonChoice onChange={setContactId} />
      {contactId && <Why segment={segment} contactId={contactId} />}
    </Stack>
  );
}

function PersonChoice({ onChange }: { onChange: (id: string | null) => void }) {
  const { t } = useTranslation('segments');
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [q] = useDebouncedValue(typed.trim(), 300);
  const { data } = useQuery({
    queryKey: ['segments', 'people', q],
    // What stands there once somebody is chosen is not looked for.
    enabled: q.length > 1 && q !== chosen?.label,
    queryFn: ({ signal }) =>
      answer(api.POST('/api/v1/contacts/search', { body: { q, limit: 8 }, signal })),
  });
  const found = (data?.items ?? []).map((person) => ({
    value: person.id,
    label: [fullName(person) ?? person.email ?? person.phone ?? '–', person.organisation]
      .filter(Boolean)
      .join(', '),
  }));
  return (
    <Select
      label={t('why.who')}
      description={t('why.hint')}
      searchable
      value={chosen?.value ?? null}
      onChange={(id, option) => {
        setChosen(option ?? null);
        onChange(id);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      data={
        chosen && !found.some(({ value }) => value === chosen.value) ? [chosen, ...found] : found
      }
      filter={({ options }) => options}
      nothingFoundMessage={t(q.length > 1 ? 'why.nobody' : 'why.type')}
      maw="26rem"
    />
  );
}

function Why({ segment, contactId }: { segment: Segment; contactId: string }) {
  const { t, i18n } = useTranslation('segments');
  const { id, version, kind } = segment;
  const query = useQuery({
    queryKey: [...SEGMENTS, id, 'why', version, contactId],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/segments/{id}/people/{contactId}', {
          params: { path: { id, contactId } },
          signal,
        }),
      ),
    // Reading about people is written down: not again for every look.
    staleTime: 60_000,
  });
  return (
    <Loaded query={query}>
      {({ inside, profiled, rules }) => (
        <Stack gap="xs" role="status">
          <Text fw={600}>{t(inside ? 'why.inside' : 'why.outside')}</Text>
          {!profiled && <Text>{t('why.notProfiled')}</Text>}
          {kind === 'static' && <Text>{t('why.then')}</Text>}
          <Stack component="ul" gap={4} p={0} m={0} style={{ listStyle: 'none' }}>
            {rules.map(({ path, sentence, holds }) => (
              <Group component="li" key={path} gap="xs" wrap="nowrap" align="flex-start">
                {holds ? (
                  <IconCheck size={20} style={{ flexShrink: 0 }} aria-label={t('why.holds')} />
                ) : (
                  <IconX size={20} style={{ flexShrink: 0 }} aria-label={t('why.holdsNot')} />
                )}
                <span>{inLanguage(sentence, i18n.language)}</span>
              </Group>
            ))}
          </Stack>
        </Stack>
      )}
    </Loaded>
  );
}
