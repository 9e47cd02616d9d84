import { useQuery } from '@tanstack/react-query';
import { createContext, lazy, Suspense, useContext, useEffect, type ReactNode } from 'react';
import { answer, api, type Answer, type Permission } from '../api/client';
import { asProblem } from '../api/problem';
import { SESSION } from '../api/queries';
import { Busy } from '../parts/busy';
import { ProblemNote } from '../parts/problem-note';
import { chooseLanguage, hasChosenLanguage } from '../texts/i18n';

type Me = Answer<'Me'>;

const LogIn = lazy(async () => ({ default: (await import('./log-in')).LogIn }));

const Signed = createContext<Me | null>(null);

/** Shows what is inside to whoever is signed in, and the log-in to the rest. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useQuery({ queryKey: SESSION, queryFn: readSession, staleTime: 60_000 });
  const language = session.data?.staff?.language;
  useEffect(() => {
    if (language && !hasChosenLanguage()) void chooseLanguage(language);
  }, [language]);
  if (session.isPending) return <Busy />;
  if (session.isError) return <ProblemNote error={session.error} retry={session.refetch} />;
  if (session.data === null) {
    return (
      <Suspense fallback={<Busy />}>
        <LogIn />
      </Suspense>
    );
  }
  return <Signed value={session.data}>{children}</Signed>;
}

async function readSession(): Promise<Me | null> {
  try {
    return await answer(api.GET('/api/v1/session'));
  } catch (error) {
    if (asProblem(error).status === 401) return null;
    throw error;
  }
}

/** Who is signed in, and whether they may do something. Only below SignedIn. */
export function useSession(): { me: Me; can: (permission: Permission) => boolean } {
  const me = useContext(Signed);
  if (!me) throw new Error('useSession stands outside SignedIn');
  return { me, can: (permission) => me.permissions.includes(permission) };
}
