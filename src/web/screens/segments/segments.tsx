import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconChartLine, IconPlus, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { Page } from '../../parts/page';
import { Examples } from './example-cards';
import { inLanguage, segmentsQuery, type Segment } from './segment-data';
import { SegmentRow } from './segment-row';

/** All saved questions about people. */
export function Segments() {
  const { t } = useTranslation('segments');
  const { can } = useSession();
  const segments = useQuery(segmentsQuery);
  const write = can('campaigns:write');
  return (
    <Page
      title={t('list.title')}
      actions={
        <>
          {can('contacts:read') && (
            <Button
              component={Link}
              to="/malgrupper/trender"
              variant="default"
              leftSection={<IconChartLine size={18} aria-hidden />}
            >
              {t('trends.title')}
            </Button>
          )}
          {write && (
            <Button
              component={Link}
              to="/malgrupper/ny"
              leftSection={<IconPlus size={18} aria-hidden />}
            >
              {t('new.button')}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={segments}>
        {(items) =>
          items.length > 0 ? (
            <List items={items} />
          ) : (
            <Nothing title={t('list.none')} text={t('list.noneText')}>
              {write && <Examples />}
            </Nothing>
          )
        }
      </Loaded>
    </Page>
  );
}

function List({ items }: { items: Segment[] }) {
  const { t, i18n } = useTranslation('segments');
  const [search, setSearch] = useSearchParams();
  const q = search.get('q') ?? '';
  const kind = search.get('slag') ?? '';
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const find = useDebouncedCallback((value: string) => set('q', value.trim()), 300);
  const holds = (text: string) => text.toLowerCase().includes(q.toLowerCase());
  const shown = items.filter(
    (item) =>
      (kind === '' || item.kind === kind) &&
      (holds(item.name) || holds(inLanguage(item.sentence, i18n.language))),
  );
  return (
    <Stack>
      <Group align="end">
        <TextInput
          label={t('list.search')}
          type="search"
          defaultValue={q}
          leftSection={<IconSearch size={16} aria-hidden />}
          onChange={({ currentTarget }) => find(currentTarget.value)}
        />
        <NativeSelect
          label={t('list.kind')}
          value={kind}
          onChange={({ currentTarget }) => set('slag', currentTarget.value)}
          data={['', 'dynamic', 'static'].map((value) => ({
            value,
            label: t(`kind.${value || 'any'}`),
          }))}
        />
      </Group>
      {shown.length === 0 ? (
        <Nothing title={t('list.notFound')} />
      ) : (
        <Stack component="ul" gap="sm" p={0} m={0}>
          {shown.map((item) => (
            <SegmentRow key={item.id} segment={item} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}
