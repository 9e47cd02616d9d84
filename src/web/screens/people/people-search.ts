import { useInfiniteQuery } from '@tanstack/react-query';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { answer, api, type Answer } from '../../api/client';

export type Asked = Answer<'PeopleSearch'>;
type Filter = 'kind' | 'language' | 'reachableBy' | 'organisationId';

/** Names of the filters in the address. */
const IN_ADDRESS: Record<Filter, string> = {
  kind: 'sort',
  language: 'sprak',
  reachableBy: 'nas',
  organisationId: 'foretag',
};
const FILTERS = Object.keys(IN_ADDRESS) as Filter[];

/**
 * What is asked of the list. Filters stand in the address; what is looked for does not, since it may be a name or an
 * address and would end up in logs: it stays in the browser's own history.
 */
export function usePeopleSearch() {
  const [params, setParams] = useSearchParams();
  const { state, pathname, search } = useLocation() as ReturnType<typeof useLocation> & {
    state: { q?: string } | null;
  };
  const navigate = useNavigate();
  const q = state?.q ?? '';
  const filters = Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = params.get(IN_ADDRESS[name]);
      return value ? [[name, value]] : [];
    }),
  ) as Partial<Asked>;
  return {
    q,
    filters,
    isFiltered: q !== '' || Object.keys(filters).length > 0,
    ask: (text: string) =>
      navigate({ pathname, search }, { replace: true, state: { q: text.trim() } }),
    filter: (name: Filter, value: string | null) =>
      setParams(
        (now) => {
          if (value) now.set(IN_ADDRESS[name], value);
          else now.delete(IN_ADDRESS[name]);
          return now;
        },
        { replace: true, state },
      ),
    clear: () => navigate({ pathname }, { replace: true, state: null }),
  };
}

/** Page after page of those who fit. */
export function usePeople(asked: Asked) {
  return useInfiniteQuery({
    queryKey: ['people', asked],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.POST('/api/v1/contacts/search', {
          body: { ...asked, ...(pageParam && { cursor: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
}
