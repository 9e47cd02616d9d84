import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch, IconUpload } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { useNumbers } from '../../parts/numbers';
import { Page } from '../../parts/page';
import { PeopleFilters } from './people-filters';
import { PeopleTable } from './people-table';
import { usePeople, usePeopleSearch } from './people-search';

/** Everybody we know, and whether they can be reached. */
export function People() {
  const { t } = useTranslation('people');
  const { can } = useSession();
  const asking = usePeopleSearch();
  const { q, filters, isFiltered } = asking;
  const people = usePeople({ ...(q && { q }), ...filters });
  return (
    <Page
      title={t('title')}
      actions={
        can('imports:run') && (
          <Button
            component={Link}
            to="/kontakter/import"
            variant="default"
            leftSection={<IconUpload size={18} aria-hidden />}
          >
            {t('import')}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        <SearchField key={q} q={q} ask={asking.ask} />
        <PeopleFilters {...asking} />
      </Stack>
      <Loaded query={people}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length > 0) {
            return (
              <Stack>
                <Total {...pages[0]!} />
                <PeopleTable people={items} />
                {people.hasNextPage && (
                  <Group justify="center">
                    <Button
                      variant="default"
                      loading={people.isFetchingNextPage}
                      onClick={() => void people.fetchNextPage()}
                    >
                      {t('more')}
                    </Button>
                  </Group>
                )}
              </Stack>
            );
          }
          return isFiltered ? (
            <Nothing title={t('none.title')} text={t('none.text')}>
              <Button variant="default" onClick={() => void asking.clear()}>
                {t('none.clear')}
              </Button>
            </Nothing>
          ) : (
            <Nothing title={t('empty.title')} text={t('empty.text')}>
              {can('imports:run') && (
                <Button component={Link} to="/kontakter/import">
                  {t('import')}
                </Button>
              )}
            </Nothing>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Total({ total, atLeast }: Pick<Answer<'PeopleFound'>, 'total' | 'atLeast'>) {
  const { t } = useTranslation('people');
  const { count } = useNumbers();
  if (total === null) return null;
  const key = atLeast ? 'atLeast' : 'total';
  return (
    <Text c="dimmed" role="status">
      {t(key, { count: total, number: count(total) })}
    </Text>
  );
}

function SearchField({ q, ask }: { q: string; ask: (text: string) => unknown }) {
  const { t } = useTranslation('people');
  const [text, setText] = useState(q);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void ask(text);
  };
  return (
    <form role="search" onSubmit={submit}>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <TextInput
          type="search"
          label={t('search.label')}
          description={t('search.hint')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          maxLength={320}
          style={{ flex: 1, maxWidth: '36rem' }}
        />
        <Button type="submit" leftSection={<IconSearch size={18} aria-hidden />}>
          {t('search.act')}
        </Button>
      </Group>
    </form>
  );
}
