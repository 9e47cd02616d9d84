import type { Audience } from '../../domain/audience';
import { restingOn, segmentFaults } from '../../domain/segment/other-segments';
import type { Group } from '../../domain/segment/tree';
import type { Sql } from '../../platform/database/database';
import { type FieldFault, Invalid } from '../../platform/errors';
import type { Known } from '../segments/segment-questions';

type Segments = Audience['segments'];

/** What a campaign asks by its segments, with all that they rest on. */
export interface SegmentsRead {
  tree: Group;
  known: Known;
}

/**
 * Refuses ids that are no segment, and archived ones except those of `standing`: what an audience once named may stay
 * in it, and the checks tell of it.
 */
export async function requireSegments(
  sql: Sql,
  segments: Segments,
  standing: Segments,
): Promise<void> {
  const named = placesOf(segments);
  if (named.length === 0) return;
  const rows = await sql.query<{ id: string; archived: boolean }>(
    'SELECT id, archived_at IS NOT NULL AS archived FROM segment WHERE id = ANY($1::uuid[])',
    [named.map(({ id }) => id)],
  );
  const archived = new Map(rows.map((row) => [row.id, row.archived]));
  const stood = placesOf(standing).map(({ id }) => id);
  const errors = named.flatMap(({ id, path }) => {
    if (!archived.has(id)) return fault(path, 'unknown_segment', 'målgruppen finns inte');
    if (archived.get(id) && !stood.includes(id)) return archivedFault(path);
    return [];
  });
  if (errors.length > 0) throw new Invalid('invalid_fields', { errors });
}

/** Why the segments of an audience cannot be asked. */
export function segmentFaultsOf({ segments }: Audience, read: SegmentsRead | null): FieldFault[] {
  if (!read) return [];
  const gone = placesOf(segments).filter(({ id }) => !read.known.segments.has(id));
  if (gone.length > 0) return gone.map(({ path }) => archivedFault(path));
  const isTooMuch = segmentFaults(read.tree, null, read.known.segments).length > 0;
  return isTooMuch
    ? [fault('audience.segments', 'too_wide', 'målgrupperna har för många regler tillsammans')]
    : [];
}

/** What an approval covers of the segments: all that they ask, however deep. */
export function coveredOf({ segments }: Audience, read: SegmentsRead | null): unknown[] {
  if (!read) return [];
  const resting = [...restingOn(read.tree, read.known.segments)];
  const { include, exclude } = segments;
  return [include, exclude, resting.sort(([one], [other]) => (one < other ? -1 : 1))];
}

function placesOf(segments: Segments): { id: string; path: string }[] {
  return (['include', 'exclude'] as const).flatMap((which) =>
    segments[which].map((id, n) => ({ id, path: `audience.segments.${which}.${n}` })),
  );
}

function archivedFault(path: string): FieldFault {
  return fault(path, 'segment_archived', 'målgruppen är arkiverad');
}

function fault(path: string, code: string, message: string): FieldFault {
  return { path, code, message };
}
