import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { answer, api, type Answer } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import { useSession } from '../../frame/session';
import { CAMPAIGNS, campaignQuery, type Campaign } from './campaign-data';

/** What is written into a campaign; null clears what may be empty. */
export type Edits = Partial<Answer<'VersionFields'>>;

export interface Draft {
  /** As it stands on the screen: saved, with what is not saved yet laid over it. */
  values: Campaign;
  change: (edits: Edits) => void;
  /** Saves what is left; false when that could not be done. */
  flush: () => Promise<boolean>;
  state: 'saved' | 'waiting' | 'saving' | 'failed';
  problem: Problem | null;
  /** Somebody else saved meanwhile: their version and name. */
  conflict: { savedBy: string; savedAt: string } | null;
  /** Mine over theirs, which stays in the history. */
  keepMine: () => Promise<void>;
  /** Theirs; what I have not saved is gone. */
  takeTheirs: () => Promise<void>;
}

const PAUSE_MS = 700;

/** A campaign that saves itself shortly after every change, one save at a time, and never over somebody else. */
export function useDraft(campaign: Campaign): Draft {
  const queries = useQueryClient();
  const { me } = useSession();
  const [edits, setEdits] = useState<Edits>({});
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const waiting = useRef<Edits>({});
  const version = useRef(campaign.version);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<Promise<boolean> | null>(null);
  const { id } = campaign;
  const isClean = Object.keys(edits).length === 0;
  // The version that is edited is the one that was on the screen when the first key was pressed.
  if (isClean && !saving) version.current = campaign.version;

  const put = (next: Edits) => {
    waiting.current = next;
    setEdits(next);
  };

  const send = useCallback(async (): Promise<boolean> => {
    const sent = waiting.current;
    setSaving(true);
    try {
      const saved = await answer(
        api.PATCH('/api/v1/campaigns/{id}', {
          params: { path: { id } },
          body: { ...sent, version: version.current } as Answer<'UpdateCampaignDto'>,
        }),
      );
      version.current = saved.version;
      setProblem(null);
      const { queryKey } = campaignQuery(id);
      // What was asked before the save must not come after it.
      await queries.cancelQueries({ queryKey, exact: true });
      queries.setQueryData(
        queryKey,
        (before) => before && { ...before, ...saved, savedByName: me.staff?.name ?? null },
      );
      const rest = Object.entries(waiting.current).filter(
        ([name, value]) => sent[name as keyof Edits] !== value,
      );
      put(Object.fromEntries(rest));
      // The answer to a save does not name the companies.
      if (sent.audience) void queries.invalidateQueries({ queryKey, exact: true });
      return true;
    } catch (error) {
      setProblem(asProblem(error));
      return false;
    } finally {
      setSaving(false);
    }
  }, [id, me, queries]);

  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    if (running.current) await running.current;
    if (Object.keys(waiting.current).length === 0) return true;
    running.current = send();
    const done = await running.current;
    running.current = null;
    return done;
  }, [send]);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (Object.keys(waiting.current).length > 0) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => {
      removeEventListener('beforeunload', warn);
      void flush().then(() => queries.invalidateQueries({ queryKey: [...CAMPAIGNS, 'list'] }));
    };
  }, [flush, queries]);

  const takeTheirs = async () => {
    put({});
    setProblem(null);
    await queries.invalidateQueries({ queryKey: campaignQuery(id).queryKey, exact: true });
  };
  const keepMine = async () => {
    const theirs = await queries.fetchQuery({ ...campaignQuery(id), staleTime: 0 });
    version.current = theirs.version;
    await flush();
  };

  const changed = problem?.code === 'campaign_changed' ? problem.params : null;
  return {
    values: { ...campaign, ...edits },
    change: (fields) => {
      put({ ...waiting.current, ...fields });
      clearTimeout(timer.current);
      // While somebody else's version stands in the way, one chooses first.
      if (problem?.code !== 'campaign_changed')
        timer.current = setTimeout(() => void flush(), PAUSE_MS);
    },
    flush,
    state: problem ? 'failed' : saving ? 'saving' : isClean ? 'saved' : 'waiting',
    problem,
    conflict: changed && {
      savedBy: String(changed.savedBy ?? ''),
      savedAt: String(changed.savedAt ?? new Date().toISOString()),
    },
    keepMine,
    takeTheirs,
  };
}
