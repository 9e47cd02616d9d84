import type { Command } from 'commander';
import type { Session } from './session';

/** Runs a command's work in a session, in the language asked for. */
export type RunInSession = (
  command: Command,
  task: (session: Session) => Promise<void>,
) => Promise<void>;
