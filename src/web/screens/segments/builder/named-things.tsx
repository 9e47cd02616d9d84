import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../../api/client';
import { inLanguage, type Segment } from '../segment-data';

export type ThingKind = 'organisation' | 'course' | 'topic' | 'campaign' | 'segment';

export interface Thing {
  id: string;
  name: string;
}

interface Names {
  of: (id: string) => string | undefined;
  /** To be remembered when one that was found is chosen. */
  meet: (things: readonly Thing[]) => void;
}

const Known = createContext<Names | null>(null);

/** Remembers what ids are called: those of the saved tree, and those that are chosen on the way. */
export function NamedThings(props: { saved: Segment['names']; children: ReactNode }) {
  const { i18n } = useTranslation();
  const [met, setMet] = useState<ReadonlyMap<string, string>>(new Map());
  const saved = new Map(props.saved.map(({ id, name }) => [id, inLanguage(name, i18n.language)]));
  const names: Names = {
    of: (id) => met.get(id) ?? saved.get(id),
    meet: (things) =>
      setMet(
        (before) => new Map([...before, ...things.map(({ id, name }) => [id, name] as const)]),
      ),
  };
  return <Known value={names}>{props.children}</Known>;
}

export function useNames(): Names {
  const names = useContext(Known);
  if (!names) throw new Error('useNames stands outside NamedThings');
  return names;
}

const SHOWN = 20;

/** Those of a kind whose name has this in it. */
export function useFound(kind: ThingKind, q: string) {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return useQuery({
    queryKey: ['things', kind, q, language],
    queryFn: ({ signal }) => find(kind, q, language, signal),
    staleTime: 60_000,
  });
}

async function find(
  kind: ThingKind,
  q: string,
  language: string,
  signal: AbortSignal,
): Promise<Thing[]> {
  const query = { q: q || undefined, limit: SHOWN };
  const holds = ({ name }: Thing) => name.toLowerCase().includes(q.toLowerCase());
  switch (kind) {
    case 'organisation':
      return (await answer(api.GET('/api/v1/organisations', { params: { query }, signal }))).items;
    case 'course':
      return (await answer(api.GET('/api/v1/courses', { params: { query }, signal }))).items;
    case 'campaign':
      return (await answer(api.GET('/api/v1/campaigns', { params: { query }, signal }))).items;
    case 'segment': {
      const { items } = await answer(api.GET('/api/v1/segments', { signal }));
      return items.filter(holds);
    }
    case 'topic': {
      const { items } = await answer(api.GET('/api/v1/topics', { signal }));
      return items
        .map(({ id, nameSv, nameEn }) => ({ id, name: language === 'en' ? nameEn : nameSv }))
        .filter(holds);
    }
  }
}
