import type { Request, Response } from 'express';
import type { ReactElement } from 'react';
import { sendPage } from '../../../platform/http/page';
import { toLanguage, type Language } from '../../../platform/i18n/i18n';
import type { Learner } from '../learner';
import { LearnerSessions } from '../log-in/learner-sessions';

/** Who is logged in; nobody is led to where one logs in, and the answer is given. */
export async function signedIn(
  sessions: LearnerSessions,
  request: Request,
  response: Response,
): Promise<Learner | null> {
  const me = await sessions.of(request);
  if (!me) response.redirect(303, pathIn('/mina-sidor/login', chosenLanguage(request.query.lang)));
  return me;
}

/** Sends a page whose forms post with the session's cookie. */
export function sendOwnPage(response: Response, page: ReactElement, status?: number): void {
  sendPage(response, page, status, 'same-origin');
}

/** Undefined: the person's own. */
export function chosenLanguage(lang: unknown): Language | undefined {
  return lang === undefined ? undefined : toLanguage(lang);
}

/** A page of ours in the language that was chosen for the one before. */
export function pathIn(path: string, language: Language | undefined, news?: string): string {
  const query = new URLSearchParams({ ...(language && { lang: language }), ...(news && { news }) });
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}
