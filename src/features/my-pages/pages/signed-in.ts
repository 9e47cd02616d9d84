import type { Request, Response } from 'express';
import type { ReactElement } from 'react';
import { sendPage } from '../../../platform/http/page';
import type { Learner } from '../learner';
import { LearnerSessions } from '../log-in/learner-sessions';
import { chosenLanguage, pathIn } from '../paths';

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
