import { Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { answer, api, type Answer } from '../api/client';
import { Dialog } from '../parts/dialog';
import { ProblemNote } from '../parts/problem-note';
import './search-dialog.css';

interface Hit {
  to: string;
  name: string;
  more: string | null;
}

interface HitGroup {
  name: 'contacts' | 'campaigns' | 'templates';
  hits: Hit[];
}

const SHORTEST = 2;

/** One field for people, mailings and templates: a list that the arrows move in, and Enter opens. */
export function SearchDialog({ close }: { close: () => void }) {
  const { t } = useTranslation('search');
  const navigate = useNavigate();
  const list = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [text] = useDebouncedValue(typed.trim(), 200);
  const asked = text.length >= SHORTEST;
  const found = useQuery({
    queryKey: ['search', text],
    queryFn: ({ signal }) => answer(api.POST('/api/v1/search', { body: { text }, signal })),
    enabled: asked,
    placeholderData: keepPreviousData,
    // People that somebody looked for are not kept longer than they are shown.
    gcTime: 0,
  });
  const groups = useGroups(asked ? found.data : undefined);
  const hits = groups.flatMap((group) => group.hits);
  const option = (n: number) => `${list}-${n}`;
  useEffect(() => setAt(0), [found.data]);
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at, list]);
  const summary = !found.data
    ? t('busy')
    : hits.length > 0
      ? t('found', { count: hits.length })
      : t('none');
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    close();
    void navigate(hit.to);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      setAt((at + step + hits.length) % hits.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      go(hits[at]);
    }
  };
  return (
    <Dialog close={close} title={t('title')} size="lg" yOffset="8vh">
      <Stack>
        <TextInput
          data-autofocus
          label={t('label')}
          description={t('hint')}
          type="search"
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={hits.length > 0 ? option(at) : undefined}
          autoComplete="off"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        {found.isError && asked && <ProblemNote error={found.error} />}
        <Text role="status" fz="sm" c="dimmed">
          {asked && !found.isError && summary}
        </Text>
        <div id={list} role="listbox" aria-label={t('title')} hidden={hits.length === 0}>
          {groups.map((group) => (
            <div key={group.name} role="group" aria-label={t(group.name)}>
              <div className="search-group" aria-hidden>
                {t(group.name)}
              </div>
              {group.hits.map((hit) => {
                const n = hits.indexOf(hit);
                return (
                  <div
                    key={hit.to}
                    id={option(n)}
                    role="option"
                    aria-selected={n === at}
                    className="search-hit"
                    onClick={() => go(hit)}
                    onMouseMove={() => setAt(n)}
                  >
                    {hit.name}
                    {hit.more && <span>{hit.more}</span>}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
      </Stack>
    </Dialog>
  );
}

const EDITABLE = ['draft', 'awaiting_approval', 'approved'];

function useGroups(found: Answer<'Found'> | undefined): HitGroup[] {
  const { t, i18n } = useTranslation('search');
  if (!found) return [];
  const groups: HitGroup[] = [
    {
      name: 'contacts',
      hits: (found.contacts ?? []).map(({ id, name, email, organisation }) => ({
        to: `/kontakter/${id}`,
        name: name ?? email ?? t('noName'),
        more: [name && email, organisation].filter(Boolean).join(' · ') || null,
      })),
    },
    {
      name: 'campaigns',
      hits: (found.campaigns ?? []).map(({ id, name, state }) => ({
        to: EDITABLE.includes(state) ? `/utskick/${id}` : `/utskick/${id}/rapport`,
        name,
        more: null,
      })),
    },
    {
      name: 'templates',
      hits: (found.templates ?? []).map(({ key, nameSv, nameEn }) => ({
        to: `/mallar/${key}`,
        name: i18n.language === 'en' ? nameEn : nameSv,
        more: null,
      })),
    },
  ];
  return groups.filter(({ hits }) => hits.length > 0);
}
