import { QueryCache, MutationCache, QueryClient } from '@tanstack/react-query';
import type { Answer } from './client';
import { asProblem } from './problem';

export const SESSION = ['session'] as const;
/** What waits for whoever is signed in: any change may be the one that it waited for. */
export const WAITING = ['waiting'] as const;

/** Whoever is no longer signed in sees the log-in, in the place where they were. */
function onRefusal(client: () => QueryClient) {
  return (error: unknown) => {
    if (asProblem(error).status === 401) client().setQueryData(SESSION, null);
  };
}

export function createQueries(): QueryClient {
  const onError = onRefusal(() => queries);
  const queries = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      onError,
      onSuccess: () => void queries.invalidateQueries({ queryKey: WAITING }),
    }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry: mayPass, retryDelay: 1_000 },
      // Nothing is sent twice by itself.
      mutations: { retry: false },
    },
  });
  return queries;
}

/** Somebody came in, or went out: what another person saw is forgotten. */
export function changePerson(queries: QueryClient, me: Answer<'Me'> | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
  queries.setQueryData(SESSION, me);
}

/** A refusal stays one; a server that is away or starting may be back in a moment. */
function mayPass(failures: number, error: unknown): boolean {
  const { status, code } = asProblem(error);
  // What took too long would only do so again.
  return code !== 'segment_too_slow' && failures < 2 && (status === 0 || status >= 502);
}
