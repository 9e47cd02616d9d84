import { Anchor, Button, Card, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { Busy } from '../../parts/busy';
import { ProblemNote } from '../../parts/problem-note';
import { DeskPage } from './desk-page';
import { OpenCase } from './open-case';
import { SayNo } from './say-no';
import type { AboutWhom } from './say-no-form';

type Hit = Answer<'DeskHit'>;

/** Who is this, may we write to them, and the no they called about: in under a minute. */
export function Desk() {
  const { t, i18n } = useTranslation('desk');
  const lang = i18n.language;
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const search = useMutation({
    mutationFn: (query: string) =>
      answer(
        api.POST('/api/v1/service-desk/search', { params: { query: { lang } }, body: { query } }),
      ),
  });
  const asked = text.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked.length > 1) search.mutate(asked);
  };
  const next = () => {
    setText('');
    search.reset();
    field.current?.focus();
  };
  return (
    <DeskPage>
      <Stack gap="lg">
        <form role="search" onSubmit={submit}>
          <Group align="flex-end" gap="sm" wrap="nowrap">
            <TextInput
              ref={field}
              type="search"
              size="md"
              label={t('search.label')}
              description={t('search.hint')}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
              maxLength={320}
              style={{ flex: 1, maxWidth: '36rem' }}
            />
            <Button
              type="submit"
              size="md"
              loading={search.isPending}
              leftSection={<IconSearch size={18} aria-hidden />}
            >
              {t('search.act')}
            </Button>
          </Group>
        </form>
        {search.isPending && <Busy />}
        {search.isError && <ProblemNote error={search.error} />}
        {search.data && (
          <Found
            found={search.data}
            asked={search.variables}
            next={next}
            again={() => search.mutate(search.variables)}
          />
        )}
      </Stack>
    </DeskPage>
  );
}

function Found(props: {
  found: Answer<'DeskFound'>;
  asked: string;
  next: () => void;
  again: () => void;
}) {
  const { t } = useTranslation('desk');
  const { found, asked, next, again } = props;
  const { items, more } = found;
  const people = items.filter(({ contactId }) => contactId !== null).length;
  const what = items.length === 0 ? 'none' : people > 0 ? 'people' : 'nobody';
  return (
    <Stack>
      <Text role="status" c="dimmed">
        {t(`found.${what}`, { count: people })}
        {more && ` ${t('found.more')}`}
      </Text>
      {items.map((hit, n) => (
        <HitCard
          key={hit.contactId ?? n}
          hit={hit}
          asked={asked}
          again={again}
          about={hit.contactId ? { contactId: hit.contactId } : { address: asked }}
        />
      ))}
      {items.length > 0 && (
        <Group>
          <Button variant="subtle" onClick={next}>
            {t('found.next')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function HitCard(props: { hit: Hit; asked: string; about: AboutWhom; again: () => void }) {
  const { t } = useTranslation('desk');
  const { can } = useSession();
  const { hit, asked, about, again } = props;
  const { contactId, name, organisation, sentence, addresses, cases } = hit;
  return (
    <Card withBorder padding="lg">
      <Stack gap="sm">
        <Title order={2} fz="h3">
          {name ?? addresses[0]?.address ?? asked}
        </Title>
        {organisation && <Text c="dimmed">{organisation}</Text>}
        {!contactId && addresses.length > 0 && <Text>{t('found.onlyRegistry')}</Text>}
        <Text fz="lg">{sentence}</Text>
        {name && addresses.length === 1 && <Text c="dimmed">{addresses[0]!.address}</Text>}
        {contactId && addresses.length > 1 && (
          <List size="sm">
            {addresses.map((one) => (
              <List.Item key={`${one.channel} ${one.address}`}>
                {one.address}: {one.sentence}
              </List.Item>
            ))}
          </List>
        )}
        {cases.length > 0 && (
          <Text fz="sm">
            {t('found.cases')}{' '}
            {cases.map(({ id, reference, kind, state }) => (
              <Anchor key={id} component={Link} to={`/kundtjanst/arenden/${id}`} fz="sm" mr="xs">
                {reference} ({t(`kind.${kind}`)}, {t(`state.${state}`)})
              </Anchor>
            ))}
          </Text>
        )}
        <Group gap="sm">
          {can('opt-outs:record') && (
            <SayNo about={about} done={again}>
              {(open) => <Button onClick={open}>{t('no.open')}</Button>}
            </SayNo>
          )}
          {can('service-cases:write') && <OpenCase about={about} />}
          {contactId && can('contacts:read') && (
            <Button component={Link} to={`/kontakter/${contactId}`} variant="default">
              {t('found.card')}
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
