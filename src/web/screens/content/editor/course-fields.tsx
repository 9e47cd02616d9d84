import { NativeSelect, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Block, CourseSource } from '../../../../domain/blocks/block';
import { MOST_OFFERS } from '../../../../domain/offers/offer';
import { answer, api, type Answer } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { Line } from './line-fields';

type CourseBlock = Extract<Block, { type: 'course' }>;
type Course = Answer<'Course'>;

interface Props {
  block: CourseBlock;
  onChange: (block: CourseBlock, about: string) => void;
}

const SOURCES = ['hand', 'catalogue', 'recommended'] as const;

/** A course card: written by hand (the children), a course of the catalogue, or what suits each reader. */
export function CourseFields({ block, onChange, children }: Props & { children: ReactNode }) {
  const { t } = useTranslation('content');
  const from = block.source?.from ?? 'hand';
  const choose = (next: string) => {
    const { source: _, ...rest } = block;
    const source = SOURCE[next];
    const label = block.link?.label || t('course.toCourse');
    const link = source ? { label, url: block.link?.url ?? '' } : block.link;
    onChange({ ...rest, link, ...(source && { source }) }, 'source');
  };
  return (
    <Stack>
      <NativeSelect
        label={t('course.courseSource')}
        value={from}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={SOURCES.map((value) => ({ value, label: t(`course.courseSources.${value}`) }))}
      />
      <Line
        label={t('field.kicker')}
        hint={t('field.courseKickerHint')}
        value={block.kicker}
        onChange={(kicker) => onChange({ ...block, kicker }, 'kicker')}
      />
      {from === 'hand' && children}
      {from === 'catalogue' && <FromCatalogue block={block} onChange={onChange} />}
      {from === 'recommended' && <Recommended block={block} onChange={onChange} />}
      {from !== 'hand' && (
        <Line
          label={t('field.label')}
          hint={t('field.labelHint')}
          value={block.link?.label ?? ''}
          onChange={(label) =>
            onChange({ ...block, link: { label, url: block.link?.url ?? '' } }, 'label')
          }
        />
      )}
    </Stack>
  );
}

const SOURCE: Record<string, CourseSource> = {
  catalogue: { from: 'catalogue', course: '' },
  recommended: { from: 'recommended', most: MOST_OFFERS },
};

function Recommended({ block, onChange }: Props) {
  const { t } = useTranslation('content');
  const most = block.source?.from === 'recommended' ? block.source.most : MOST_OFFERS;
  const counts = Array.from({ length: MOST_OFFERS }, (_, n) => n + 1);
  return (
    <>
      <Text fz="sm">{t('course.recommendedHow')}</Text>
      <NativeSelect
        label={t('course.cards')}
        value={String(most)}
        onChange={({ currentTarget }) => {
          const source = { from: 'recommended' as const, most: Number(currentTarget.value) };
          onChange({ ...block, source }, 'most');
        }}
        data={counts.map((count) => ({
          value: String(count),
          label: t('course.cardsCount', { count }),
        }))}
      />
    </>
  );
}

function FromCatalogue({ block, onChange }: Props) {
  const { t } = useTranslation('content');
  const { can } = useSession();
  const id = block.source?.from === 'catalogue' ? block.source.course : '';
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search.trim(), 300);
  const found = useCourses(q);
  const chosen = useCourses(id, true).find(({ externalId }) => externalId === id);
  if (!can('contacts:read')) return <Text fz="sm">{t('course.courseNotSeen')}</Text>;
  const courses = [...found, ...(chosen ? [chosen] : [])];
  const options = new Map(courses.map((course) => [course.externalId, nameOf(course)]));
  const choose = (externalId: string | null) => {
    const course = courses.find((one) => one.externalId === externalId);
    if (course) onChange(withCourse(block, course), 'course');
  };
  return (
    <>
      <Select
        label={t('course.course')}
        description={t('course.courseHint')}
        placeholder={t('course.coursePrompt')}
        searchable
        value={id || null}
        onChange={choose}
        searchValue={search}
        onSearchChange={setSearch}
        data={[...options].map(([value, label]) => ({ value, label }))}
        filter={({ options: all }) => all}
        nothingFoundMessage={t('course.courseNone')}
        error={chosen && faultOf(chosen, t)}
      />
      {chosen?.description && <Text fz="sm">{chosen.description}</Text>}
      <Text fz="sm" c="dimmed">
        {t('course.courseLive')}
      </Text>
    </>
  );
}

/** The newest courses that the words are found in; by its id also one that is no longer given. */
function useCourses(q: string, archived = false): Course[] {
  const { can } = useSession();
  const { data } = useQuery({
    queryKey: ['courses', q, archived],
    enabled: can('contacts:read') && (q !== '' || !archived),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/courses', {
          params: { query: { ...(q && { q }), limit: 20, archived: String(archived) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
  return data?.items ?? [];
}

const nameOf = ({ name, subject, level }: Course): string =>
  subject ? `${name} (${[subject, level].filter(Boolean).join(' ')})` : name;

function faultOf({ archivedAt, url }: Course, t: (key: string) => string): string | null {
  if (archivedAt) return t('course.courseGone');
  return url ? null : t('course.courseNoUrl');
}

/** The card as the server will make it; it asks the catalogue again. */
function withCourse(block: CourseBlock, course: Course): CourseBlock {
  return {
    ...block,
    source: { from: 'catalogue', course: course.externalId },
    heading: course.name,
    link: { label: block.link?.label ?? '', url: course.url ?? '' },
  };
}
