import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Group } from '../../../domain/segment/tree';
import { answer, api, type Answer } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import { type GroupRow, toRows, toTree } from './builder/rows';
import { segmentQuery, SEGMENTS, type Segment } from './segment-data';

interface Start {
  name: string;
  tree: Group;
}

export interface Written {
  name: string;
  root: GroupRow;
  tree: Group;
  isChanged: boolean;
  rename: (name: string) => void;
  rewrite: (root: GroupRow) => void;
  save: () => void;
  isSaving: boolean;
  problem: Problem | null;
  /** Somebody else saved meanwhile. */
  conflict: { savedAt: string } | null;
  /** Mine over theirs. */
  keepMine: () => void;
  /** Theirs; what I have not saved is gone. */
  takeTheirs: () => void;
}

/** What is written of a segment, saved when one says so and never over somebody else. */
export function useWritten(segment: Segment | null, start: Start): Written {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [version, setVersion] = useState(segment?.version ?? 0);
  const [kept, setKept] = useState<Start>({ name: start.name, tree: start.tree });
  const [name, setName] = useState(start.name);
  const [root, setRoot] = useState(() => toRows(start.tree));
  const tree = toTree(root);
  const isNew = segment === null;
  const isTreeChanged = JSON.stringify(tree) !== JSON.stringify(kept.tree);

  const took = (saved: Segment) => {
    setVersion(saved.version);
    setKept({ name: saved.name, tree });
    setName(saved.name);
    queries.setQueryData(segmentQuery(saved.id).queryKey, saved);
    return queries.invalidateQueries({ queryKey: SEGMENTS });
  };
  const save = useMutation({
    mutationFn: async (over: number): Promise<Segment> => {
      const said = { name: name.trim(), tree: tree as unknown as Answer<'SegmentInput'>['tree'] };
      if (isNew) {
        const made = await answer(api.POST('/api/v1/segments', { body: said }));
        return made as unknown as Segment;
      }
      const params = { path: { id: segment.id } };
      const body = { version: over, name: said.name, ...(isTreeChanged && { tree: said.tree }) };
      const saved = await answer(api.PATCH('/api/v1/segments/{id}', { params, body }));
      return saved as unknown as Segment;
    },
    onSuccess: async (saved) => {
      await took(saved);
      if (isNew) await navigate(`/malgrupper/${saved.id}`, { replace: true });
    },
  });
  const theirs = useMutation({
    mutationFn: () => queries.fetchQuery({ ...segmentQuery(segment!.id), staleTime: 0 }),
  });
  const problem = save.isError ? asProblem(save.error) : null;
  return {
    name,
    root,
    tree,
    isChanged: isTreeChanged || name !== kept.name,
    rename: (next) => {
      setName(next);
      save.reset();
    },
    rewrite: (next) => {
      setRoot(next);
      save.reset();
    },
    save: () => save.mutate(version),
    isSaving: save.isPending || theirs.isPending,
    problem,
    conflict:
      problem?.code === 'segment_changed'
        ? { savedAt: String(problem.params.savedAt ?? new Date().toISOString()) }
        : null,
    keepMine: () =>
      theirs.mutate(undefined, { onSuccess: (newest) => save.mutate(newest.version) }),
    takeTheirs: () =>
      theirs.mutate(undefined, {
        onSuccess: (newest) => {
          setVersion(newest.version);
          setName(newest.name);
          setKept({ name: newest.name, tree: newest.tree });
          setRoot(toRows(newest.tree));
          save.reset();
        },
      }),
  };
}
