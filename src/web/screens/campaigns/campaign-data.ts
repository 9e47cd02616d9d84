import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Answer } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';

export type Campaign = Answer<'CampaignDetail'>;
export type CampaignItem = Answer<'CampaignItem'>;
export type Group = CampaignItem['group'];
export type Topic = Answer<'Topic'>;

/** Everything about campaigns, for what changes more than one of them. */
export const CAMPAIGNS = ['campaigns'] as const;

export interface Search {
  group: Group;
  q: string;
  channel?: 'email' | 'sms';
}

export const campaignPages = (search: Search) => ({
  queryKey: [...CAMPAIGNS, 'list', search],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    answer(
      api.GET('/api/v1/campaigns', {
        params: {
          query: { ...search, q: search.q || undefined, after: pageParam ?? undefined, limit: 25 },
        },
      }),
    ),
  initialPageParam: null,
  getNextPageParam: ({ next }: { next: string | null }) => next,
});

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: [...CAMPAIGNS, id],
    queryFn: () => answer(api.GET('/api/v1/campaigns/{id}', { params: { path: { id } } })),
  });

const ofVersion = ({ id, version }: Campaign, what: string) => [...CAMPAIGNS, id, what, version];

/** Who gets it; null while the campaign has no topic to ask about. */
export const audienceQuery = (campaign: Campaign) =>
  queryOptions({
    queryKey: ofVersion(campaign, 'audience'),
    queryFn: async () => {
      if (campaign.topicId === null) return null;
      const params = { path: { id: campaign.id } };
      return answer(api.GET('/api/v1/campaigns/{id}/audience', { params }));
    },
  });

/** What is missing before it can go; nothing when it can. */
export const faultsQuery = (campaign: Campaign) =>
  queryOptions({
    queryKey: ofVersion(campaign, 'readiness'),
    queryFn: async (): Promise<Problem['faults']> => {
      try {
        await answer(
          api.GET('/api/v1/campaigns/{id}/readiness', { params: { path: { id: campaign.id } } }),
        );
        return [];
      } catch (error) {
        const problem = asProblem(error);
        if (problem.code === 'campaign_not_ready') return problem.faults;
        throw error;
      }
    },
  });

export const samplesQuery = (campaign: Campaign) =>
  queryOptions({
    queryKey: ofVersion(campaign, 'samples'),
    queryFn: () =>
      answer(api.GET('/api/v1/campaigns/{id}/samples', { params: { path: { id: campaign.id } } })),
    // Reading about people is written down: not again for every look.
    staleTime: 300_000,
  });

export const topicsQuery = queryOptions({
  queryKey: ['topics'],
  queryFn: () => answer(api.GET('/api/v1/topics')),
  staleTime: 60_000,
});

export const segmentsQuery = queryOptions({
  queryKey: ['segments', 'to choose from'],
  queryFn: () => answer(api.GET('/api/v1/segments')),
});

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: () => answer(api.GET('/api/v1/templates')),
  staleTime: 60_000,
});
