import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Answer } from '../../api/client';

export const IMPORTS = ['imports'] as const;
export const importKey = (id: string) => ['imports', id] as const;

export type Import = Answer<'ImportItem'>;
export type Detail = Answer<'ImportDetail'>;
export type Settings = Answer<'MappingInput'>;

/** Saves how the file is read; what is shown is what the server made of it. */
export function useSettings(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Settings) =>
      answer(api.PUT('/api/v1/imports/{id}/mapping', { params: { path: { id } }, body })),
    onSuccess: (detail) => queries.setQueryData(importKey(id), detail),
  });
}

export type Step = 'start' | 'pause' | 'resume' | 'undo';

export function useStep(id: string) {
  const queries = useQueryClient();
  const params = { path: { id } };
  const calls: Record<Step, () => Promise<{ data?: Import }>> = {
    start: () => api.POST('/api/v1/imports/{id}/start', { params }),
    pause: () => api.POST('/api/v1/imports/{id}/pause', { params }),
    resume: () => api.POST('/api/v1/imports/{id}/resume', { params }),
    undo: () => api.POST('/api/v1/imports/{id}/undo', { params }),
  };
  return useMutation({
    mutationFn: (step: Step) => answer(calls[step]()),
    onSuccess: () => queries.invalidateQueries({ queryKey: IMPORTS }),
  });
}

/** Something happens by itself, so that it must be asked again. */
export const isMoving = ({ state }: Pick<Import, 'state'>): boolean =>
  state === 'running' || state === 'undoing';
