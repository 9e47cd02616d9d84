import { isCaught, runBugs, type BugResult } from './seeded/run-bugs';
import { SCENARIOS } from './seeded/scenarios';

/** A rig that finds nothing shows nothing: each known way to get it wrong must be found, and only that. */
describe('the rig, with bugs put in', () => {
  let results: Map<string, BugResult>;

  beforeAll(async () => {
    results = new Map((await runBugs()).map((result) => [result.scenario.name, result]));
  }, 300_000);

  it.each(SCENARIOS)('catches that $what, and finds the same run clean without', ({ name }) => {
    const result = results.get(name)!;
    expect(result.failures).toEqual([]);
    expect(result.clean).toEqual([]);
    expect(result.bugged).toContainEqual(
      expect.objectContaining({ kind: result.scenario.caughtAs }),
    );
    expect(isCaught(result)).toBe(true);
  });
});
