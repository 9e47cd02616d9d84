import type { Act, HandOver } from './acts';

const handOver = (amid: HandOver['amid'], more: Partial<HandOver> = {}): Act => ({
  do: 'hand over',
  batch: 0,
  due: true,
  answers: ['takes'],
  most: 100,
  amid,
  ...more,
});

/** Awaits of a hand-over: 5 to 8 are the statements of the permit. */
const AT = { begin: 4, commit: 9, request: 10 };

/** Orders of events in which something went wrong once, or that chance would rarely find. */
export const STORIES: [string, Act[]][] = [
  [
    'a lease ends while a permit for a part is under way, its holder dies and the run is cancelled',
    [
      handOver([], { answers: ['refuses'] }),
      handOver(
        [
          { at: AT.begin, what: { do: 'pass time', seconds: 40 } },
          { at: AT.commit, what: { do: 'sweep' } },
          { at: AT.request, what: 'dies before' },
        ],
        { batch: 1, most: 1 },
      ),
      { do: 'run', act: 'cancel', twice: false },
    ],
  ],
  [
    'COMMIT lands after its permits were given back, and the run is cancelled',
    [
      handOver([], { answers: ['refuses'] }),
      handOver([{ at: AT.commit, what: 'COMMIT lands late' }], { batch: 1 }),
      { do: 'run', act: 'cancel', twice: false },
    ],
  ],
  [
    'one of two who turn out to be the same has said no, and the other a newer yes',
    [
      { do: 'say no', person: 0, door: 'link' },
      { do: 'say yes again', person: 3, proven: true },
      { do: 'merge', keep: 0, drop: 3 },
      handOver([]),
      handOver([], { batch: 1 }),
    ],
  ],
];
