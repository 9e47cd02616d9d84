import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Busy } from './busy';
import { ProblemNote } from './problem-note';

/** What was fetched, once it is here; until then that it is busy, or what went wrong. Old data stays while new comes. */
export function Loaded<T>(props: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { query, children } = props;
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <ProblemNote error={query.error} retry={query.refetch} />}
        {children(query.data)}
      </>
    );
  }
  return query.isError ? <ProblemNote error={query.error} retry={query.refetch} /> : <Busy />;
}
