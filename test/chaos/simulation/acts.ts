import fc from 'fast-check';

/** What the provider does with one message. */
export const ANSWERS = [
  'takes',
  'takes and says nothing',
  'takes it later and says nothing',
  'loses',
  'refuses',
  'refuses for now',
  'refuses our key',
  'is busy',
  'cannot be reached',
  'is too slow to start',
] as const;
export type Answer = (typeof ANSWERS)[number];

export const DOORS = ['link', 'address', 'contact', 'topic', 'complaint'] as const;
export const RUN_ACTS = ['pause', 'resume', 'cancel'] as const;
export const EVENTS = [
  'processed',
  'deferred',
  'delivered',
  'bounce',
  'blocked',
  'dropped',
  'expired',
] as const;

/** What goes wrong at one await of a worker. */
export const FAULTS = [
  'dies before',
  'dies after',
  'the answer is lost',
  'fails',
  'COMMIT lands late',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Something that somebody or some time does; one whole command of a simulation, or one in the middle of a hand-over. */
export type Act =
  | { do: 'say no'; person: number; door: (typeof DOORS)[number] }
  | { do: 'say yes again'; person: number; proven: boolean }
  | { do: 'erase'; person: number }
  | { do: 'merge'; keep: number; drop: number }
  | { do: 'run'; act: (typeof RUN_ACTS)[number]; twice: boolean }
  | { do: 'end the window' }
  | { do: 'sweep' }
  | { do: 'let a lease run out, wrongly'; settleToo: boolean }
  | { do: 'pass time'; seconds: number }
  | { do: 'take what is adrift' }
  | { do: 'name the silence' }
  | { do: 'report'; events: { message: number; type: (typeof EVENTS)[number] }[]; copies: number }
  | HandOver
  | { do: 'hand over at once'; batch: number; workers: number; answers: Answer[] };

export interface HandOver {
  do: 'hand over';
  batch: number;
  /** Its waits are over. */
  due: boolean;
  answers: Answer[];
  /** How many recipients the channel takes at once. */
  most: number;
  /** At the await with this number: a fault, or an act of somebody else. */
  amid: { at: number; what: Fault | Act }[];
}

const person = fc.nat({ max: 4 });
const batch = fc.nat({ max: 1 });
const answers = fc.array(fc.constantFrom(...ANSWERS), { minLength: 1, maxLength: 3 });
const mostlyGood = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Answer[]>(['takes']) },
  { weight: 3, arbitrary: answers },
);

const often = fc.oneof(
  { weight: 4, arbitrary: fc.constant(true) },
  { weight: 1, arbitrary: fc.constant(false) },
);

const doing = <N extends Act['do']>(name: N): { do: fc.Arbitrary<N> } => ({
  do: fc.constant(name),
});

const others: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ ...doing('say no'), person, door: fc.constantFrom(...DOORS) }),
  },
  { weight: 2, arbitrary: fc.record({ ...doing('say yes again'), person, proven: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ ...doing('erase'), person }) },
  { weight: 1, arbitrary: fc.record({ ...doing('merge'), keep: person, drop: person }) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...doing('run'),
      // A cancel ends nearly everything: seldom.
      act: fc.oneof(
        { weight: 6, arbitrary: fc.constant('pause' as const) },
        { weight: 12, arbitrary: fc.constant('resume' as const) },
        { weight: 1, arbitrary: fc.constant('cancel' as const) },
      ),
      twice: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record(doing('sweep')) },
  {
    weight: 4,
    arbitrary: fc.record({ ...doing('let a lease run out, wrongly'), settleToo: fc.boolean() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ ...doing('pass time'), seconds: fc.constantFrom(1, 10, 40, 600) }),
  },
  { weight: 2, arbitrary: fc.record(doing('take what is adrift')) },
  { weight: 1, arbitrary: fc.record(doing('name the silence')) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...doing('report'),
      events: fc.array(fc.record({ message: person, type: fc.constantFrom(...EVENTS) }), {
        minLength: 1,
        maxLength: 5,
      }),
      copies: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

const handOver = (
  what: fc.Arbitrary<Fault | Act>,
  at = fc.nat({ max: 15 }),
): fc.Arbitrary<HandOver> =>
  fc.record({
    ...doing('hand over'),
    batch,
    due: often,
    answers: mostlyGood,
    most: fc.constantFrom(1, 2, 100),
    amid: fc.array(fc.record({ at, what }), { minLength: 1, maxLength: 3 }),
  });

const undisturbed: fc.Arbitrary<Act> = handOver(fc.constant('fails' as const)).map((act) => ({
  ...act,
  amid: [],
}));

/** One command of a simulation. */
export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 60,
    arbitrary: handOver(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...FAULTS) },
        { weight: 4, arbitrary: others },
        { weight: 1, arbitrary: undisturbed },
      ),
    ),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      ...doing('hand over at once'),
      batch,
      workers: fc.integer({ min: 2, max: 3 }),
      answers: mostlyGood,
    }),
  },
  { weight: 1, arbitrary: fc.record(doing('end the window')) },
  { weight: 60, arbitrary: others },
);

/** A short life in which people leave, somebody pauses and workers die while permits are taken. */
export const leavingAmid: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    handOver(
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            ...doing('say no'),
            person,
            door: fc.constant('contact' as const),
          }),
        },
        { weight: 1, arbitrary: fc.constant<Act>({ do: 'run', act: 'pause', twice: false }) },
        { weight: 1, arbitrary: fc.constantFrom(...FAULTS) },
      ),
      fc.integer({ min: 5, max: 12 }),
    ),
    fc.constant<Act>({ do: 'run', act: 'resume', twice: false }),
    fc.constant<Act>({ do: 'let a lease run out, wrongly', settleToo: true }),
  ),
  { minLength: 3, maxLength: 8 },
);
