/** Rooms by level: a room imports only rooms of a lower level. A new room gets its line here. */
export const ROOM_LEVELS: Readonly<Record<string, number>> = {
  accounts: 0,
  contacts: 0,
  content: 0,
  channels: 0,
  registry: 1,
  webhooks: 1,
  'service-mail': 1,
  signups: 2,
  imports: 2,
  delivery: 2,
  segments: 3,
  campaigns: 4,
  feedback: 4,
  'my-pages': 4,
  people: 4,
  'service-desk': 5,
  search: 5,
  overview: 5,
};

const STOREYS = ['domain', 'platform', 'features', 'processes'];

/** Why `from` may not import `to`, or null when it may. Both are paths below src. */
export function objection(from: string, to: string): string | null {
  if (isWeb(from) || isWeb(to)) {
    const allowed = isWeb(from) && (isWeb(to) || to.startsWith('src/domain/'));
    return allowed ? null : `${from} → ${to}: the web app shares only src/domain`;
  }
  const [upper, lower] = [storey(from), storey(to)];
  if (lower > upper) return `${from} → ${to}: imports go downwards only`;
  const [room, other] = [roomOf(from), roomOf(to)];
  if (!room || !other || room === other) return null;
  const [level, otherLevel] = [ROOM_LEVELS[room], ROOM_LEVELS[other]];
  if (level === undefined) return `${from}: the room ${room} has no level`;
  if (otherLevel === undefined) return `${to}: the room ${other} has no level`;
  if (otherLevel < level) return null;
  return `${from} → ${to}: ${room} (level ${level}) may not import ${other} (level ${otherLevel})`;
}

/** The room a file lies in, if it lies in one. */
export function roomOf(path: string): string | null {
  return /^src\/features\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function isWeb(path: string): boolean {
  return path.startsWith('src/web/');
}

// Files directly in src (main.ts, cli.ts) are the top storey.
function storey(path: string): number {
  const found = STOREYS.indexOf(path.split('/')[1] ?? '');
  return found >= 0 ? found : STOREYS.length;
}
