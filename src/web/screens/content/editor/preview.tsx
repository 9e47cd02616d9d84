import './preview.css';
import { Group, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue, useElementSize } from '@mantine/hooks';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { Loaded } from '../../../parts/loaded';
import type { Shown } from './use-preview';

const VIEWS = ['desk', 'phone', 'dark', 'text'] as const;
type View = (typeof VIEWS)[number];
const WIDTH = { desk: 680, phone: 375, dark: 375, text: 0 };

/** How it will look, made by the same server that will send it. */
export function Preview(props: {
  query: UseQueryResult<Shown>;
  contactId: string | null;
  onContact: (id: string | null) => void;
}) {
  const { query, contactId, onContact } = props;
  const { t } = useTranslation('content');
  const { can } = useSession();
  const [view, setView] = useState<View>(() => (window.innerWidth < 700 ? 'phone' : 'desk'));
  return (
    <Stack gap="sm" component="section" aria-labelledby="preview">
      <Title order={2} fz="h3" id="preview">
        {t('preview.title')}
      </Title>
      <Group gap="sm" align="end">
        <SegmentedControl
          aria-label={t('preview.how')}
          value={view}
          onChange={(value) => setView(value as View)}
          data={VIEWS.map((value) => ({ value, label: t(`preview.${value}`) }))}
        />
        {can('contacts:read') && <ShownAs value={contactId} onChange={onContact} />}
      </Group>
      <div role="status">
        {query.data?.offered === 0 && <Text fz="sm">{t('preview.noOffer')}</Text>}
      </div>
      <Loaded query={query}>{(shown) => <Mail shown={shown} view={view} />}</Loaded>
    </Stack>
  );
}

function Mail({ shown, view }: { shown: Shown; view: View }) {
  const { t } = useTranslation('content');
  const { ref, width } = useElementSize<HTMLDivElement>();
  if (shown.html === null) return <Text c="dimmed">{t('preview.none')}</Text>;
  if (view === 'text') return <pre className="preview-text">{shown.text}</pre>;
  const wide = WIDTH[view];
  const scale = width === 0 ? 1 : Math.min(1, width / wide);
  return (
    <div ref={ref} className="preview-room" style={{ height: 720 }}>
      <iframe
        title={t('preview.frame')}
        sandbox=""
        srcDoc={inColours(shown.html, view === 'dark')}
        className="preview-mail"
        style={{ width: wide, height: 720 / scale, transform: `scale(${scale})` }}
      />
    </div>
  );
}

/** A mail follows the reader's computer; here it is to follow the choice. */
function inColours(html: string, dark: boolean): string {
  return html.replaceAll('(prefers-color-scheme: dark)', dark ? 'all' : 'not all');
}

/** A contact to see it as: looking is written down, as every look at a person is. */
function ShownAs(props: { value: string | null; onChange: (id: string | null) => void }) {
  const { t } = useTranslation('content');
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search.trim(), 300);
  const { data } = useQuery({
    queryKey: ['preview-contacts', q],
    enabled: q.length > 1,
    queryFn: ({ signal }) =>
      answer(api.POST('/api/v1/contacts/search', { body: { q, limit: 8 }, signal })),
  });
  const found = (data?.items ?? []).map(({ id, firstName, lastName, email, organisation }) => {
    const name = [firstName, lastName].filter(Boolean).join(' ');
    return { value: id, label: [name || email || '–', organisation].filter(Boolean).join(', ') };
  });
  return (
    <Select
      label={t('preview.as')}
      placeholder={t('preview.invented')}
      searchable
      clearable
      value={props.value}
      onChange={props.onChange}
      searchValue={search}
      onSearchChange={setSearch}
      data={found}
      filter={({ options }) => options}
      nothingFoundMessage={q.length > 1 ? t('preview.nobody') : t('preview.type')}
      clearButtonProps={{ 'aria-label': t('preview.invented') }}
      maw="16rem"
    />
  );
}
