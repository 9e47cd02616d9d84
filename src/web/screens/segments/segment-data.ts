import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Answer } from '../../api/client';
import type { Group } from '../../../domain/segment/tree';

export type Segment = Omit<Answer<'SegmentView'>, 'tree'> & { tree: Group };
export type Answered = Answer<'SegmentAnswer'>;

/** Everything about segments, for what changes more than one of them. */
export const SEGMENTS = ['segments'] as const;

export const segmentsQuery = queryOptions({
  queryKey: [...SEGMENTS, 'list'],
  queryFn: async ({ signal }) => {
    const { items } = await answer(api.GET('/api/v1/segments', { signal }));
    return items as unknown as Segment[];
  },
});

export const segmentQuery = (id: string) =>
  queryOptions({
    queryKey: [...SEGMENTS, id],
    queryFn: async ({ signal }) => {
      const params = { path: { id } };
      const segment = await answer(api.GET('/api/v1/segments/{id}', { params, signal }));
      return segment as unknown as Segment;
    },
  });

export const growthQuery = (id: string) =>
  queryOptions({
    queryKey: [...SEGMENTS, id, 'growth'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/segments/{id}/growth', { params: { path: { id } }, signal })),
  });

/** To whom it would go: nothing is asked about that until both are chosen. */
export interface About {
  channel: 'email' | 'sms';
  topicId: string;
}

export const answerQuery = (tree: Group | null, segmentId: string | null, about: About | null) =>
  queryOptions({
    queryKey: [...SEGMENTS, 'answer', tree, segmentId, about],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/v1/segments/answer', {
          body: {
            tree: tree as unknown as Answer<'QuestionInput'>['tree'],
            ...(segmentId && { segmentId }),
            ...about,
          },
          signal,
        }),
      ),
    enabled: tree !== null,
    // Seeing people is written down: not again for every look.
    staleTime: 60_000,
    retry: false,
  });

/** Of one that is frozen: those who are in it, and not those it would name now. */
export const isIn = (id: string): Group => ({
  match: 'all',
  rules: [{ field: 'segment', op: 'one_of', value: [id] }],
});

export const inLanguage = (words: { sv: string; en: string }, language: string): string =>
  language === 'en' ? words.en : words.sv;
