import { posix } from 'node:path';
import { importsOf, isRelative, resolveImport, type Source } from './source';

/** file → files of ours that it imports */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

export function importGraph(sources: Source[]): ImportGraph {
  const known = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .filter(({ specifier }) => isRelative(specifier))
        .map(({ specifier }) => resolveImport(source.path, specifier, known))
        .filter((path) => path !== null),
    ]),
  );
}

/**
 * Import cycles at every level: in each folder, the files and sub-folders that lie in it may not depend
 * on each other in a circle. A cycle between two files of one folder is the plainest case.
 */
export function cycles(graph: ImportGraph): string[] {
  const levels = new Map<string, Map<string, Set<string>>>();
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const { folder, a, b } = meetingPoint(from, to);
      const level = levels.get(folder) ?? new Map<string, Set<string>>();
      levels.set(folder, level);
      level.set(a, (level.get(a) ?? new Set()).add(b));
    }
  }
  return [...levels].flatMap(([folder, level]) =>
    circlesIn(level).map((circle) => `${folder}/ ${circle.join(' → ')}`),
  );
}

function meetingPoint(from: string, to: string): { folder: string; a: string; b: string } {
  const left = from.split('/');
  const right = to.split('/');
  let depth = 0;
  while (left[depth] === right[depth] && depth < left.length - 1) depth += 1;
  return {
    folder: posix.join(...left.slice(0, depth)),
    a: left[depth] ?? '',
    b: right[depth] ?? '',
  };
}

function circlesIn(level: Map<string, Set<string>>): string[][] {
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (node: string, trail: string[]): void => {
    const start = trail.indexOf(node);
    if (start >= 0) {
      circles.push([...trail.slice(start), node]);
      return;
    }
    if (done.has(node)) return;
    for (const next of level.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of level.keys()) visit(node, []);
  return circles;
}
