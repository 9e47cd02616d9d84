import { Anchor, Button, Group, NativeSelect, Stack, Text, Textarea, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem-note';
import { When } from '../../parts/when';
import { SayNo } from './say-no';

type Case = Answer<'CaseView'>;
/** `stopped` needs the no itself, so that is recorded instead. */
const CLOSED_AS = ['answered', 'passed_on'] as const;

/** One case: what was said, and what came of it. */
export function OneCase() {
  const { t } = useTranslation('desk');
  const { id } = useParams() as { id: string };
  const found = useQuery({
    queryKey: ['cases', 'one', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/service-desk/cases/{id}', { params: { path: { id } }, signal })),
  });
  return (
    <Page
      title={found.data?.reference ?? t('case.title')}
      back={{ to: '/kundtjanst/arenden', name: t('places.cases') }}
      size="44rem"
    >
      <Loaded query={found}>{(one) => <Told one={one} />}</Loaded>
    </Page>
  );
}

function Told({ one }: { one: Case }) {
  const { t } = useTranslation('desk');
  const { can } = useSession();
  const isStop = one.kind === 'stop';
  return (
    <Stack>
      <Text>
        {t(`kind.${one.kind}`)} · {t(`cameBy.${one.cameBy}`)} · <When at={one.openedAt} />
      </Text>
      {one.address && <Text>{t('case.about', { address: one.address })}</Text>}
      {one.contactId && can('contacts:read') && (
        <Anchor component={Link} to={`/kontakter/${one.contactId}`}>
          {t('found.card')}
        </Anchor>
      )}
      <Stack gap={4} component="section">
        <Title order={2} fz="h4">
          {t('case.words')}
        </Title>
        <Text style={{ whiteSpace: 'pre-wrap' }}>{one.words ?? t('case.noWords')}</Text>
      </Stack>
      {one.closedAs ? (
        <Text>
          {t(`closedAs.${one.closedAs}`)} · {one.closedAt && <When at={one.closedAt} />}
          {one.note && ` · ${one.note}`}
        </Text>
      ) : (
        <>
          {isStop && <Text>{t('case.stopFirst')}</Text>}
          {isStop && one.contactId && can('opt-outs:record') && (
            <StopAndClose id={one.id} contactId={one.contactId} />
          )}
          {!isStop && can('service-cases:write') && <CloseCase one={one} />}
        </>
      )}
    </Stack>
  );
}

/** Nobody is told that it has stopped unless it has: the case closes with the no itself. */
function StopAndClose({ id, contactId }: { id: string; contactId: string }) {
  const { t, i18n } = useTranslation('desk');
  const queries = useQueryClient();
  const close = useMutation({
    mutationFn: ({ entryId }: Answer<'NoRecorded'>) =>
      answer(
        api.POST('/api/v1/service-desk/cases/{id}/close', {
          params: { path: { id }, query: { lang: i18n.language } },
          body: { as: 'stopped', ledgerEntryId: entryId },
        }),
      ),
  });
  const refresh = () => void queries.invalidateQueries({ queryKey: ['cases'] });
  return (
    <>
      {close.isError && <ProblemNote error={close.error} />}
      <Group>
        <SayNo about={{ contactId }} recorded={(no) => close.mutate(no)} done={refresh}>
          {(open) => <Button onClick={open}>{t('no.open')}</Button>}
        </SayNo>
      </Group>
    </>
  );
}

function CloseCase({ one }: { one: Case }) {
  const { t, i18n } = useTranslation('desk');
  const queries = useQueryClient();
  const form = useForm<{ as: (typeof CLOSED_AS)[number]; note: string }>({
    initialValues: { as: 'answered', note: '' },
  });
  const close = useMutation({
    mutationFn: ({ as, note }: typeof form.values) =>
      answer(
        api.POST('/api/v1/service-desk/cases/{id}/close', {
          params: { path: { id: one.id }, query: { lang: i18n.language } },
          body: { as, ...(note.trim() && { note: note.trim() }) },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['cases'] }),
  });
  return (
    <form onSubmit={form.onSubmit((values) => close.mutate(values))}>
      <Stack>
        <Title order={2} fz="h4">
          {t('case.close')}
        </Title>
        {close.isError && <ProblemNote error={close.error} />}
        <NativeSelect
          label={t('case.as')}
          data={CLOSED_AS.map((value) => ({ value, label: t(`closedAs.${value}`) }))}
          {...form.getInputProps('as')}
        />
        <Textarea
          label={t('case.note')}
          autosize
          minRows={2}
          maxLength={500}
          {...form.getInputProps('note')}
        />
        <Group>
          <Button type="submit" loading={close.isPending}>
            {t('case.close')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
