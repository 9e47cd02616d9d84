import { newId } from '../../../src/platform/ids';
import { type LearningWorld, openLearning } from './learning-world';

const DAY = 24;
const YEAR = 365 * DAY;

describe('what was recommended to somebody is forgotten', () => {
  let world: LearningWorld;
  beforeAll(async () => {
    world = await openLearning();
    await world.course('excel-1');
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => world.close());

  /** A message to each of them recommended a course. */
  const offer = async (...contactIds: string[]) => {
    for (const contactId of contactIds) {
      await world.db.query(
        `INSERT INTO message_offer (message_id, position, contact_id, course_id, rule, known_at, created_at)
         VALUES ($1, 1, $2, $3, 'popular', $4, $4)`,
        [newId(), contactId, newId(), new Date()],
      );
    }
  };
  const offered = async (contactId: string) =>
    (await world.db.query('SELECT 1 FROM message_offer WHERE contact_id = $1', [contactId])).length;

  it('at once when they object to all marketing, and of nobody else', async () => {
    const [anna, bo] = [await world.learner('anna'), await world.learner('bo')];
    await offer(anna, bo);
    await world.optOut('anna@exempel.example');
    expect([await offered(anna), await offered(bo)]).toEqual([0, 1]);
  });

  it('with an erasure', async () => {
    const cia = await world.learner('cia');
    await offer(cia);
    await world.erase('cia@exempel.example', cia);
    expect(await offered(cia)).toBe(0);
  });

  it('with the person they turned out to be, when that one says no', async () => {
    const [kept, other] = [await world.learner('dan'), await world.learner('dan-2')];
    await offer(other);
    await world.post(`contacts/${kept}/merge`, { from: other }).expect(204);
    expect([await offered(kept), await offered(other)]).toEqual([1, 0]);
    await world.optOut('dan-2@exempel.example');
    expect(await offered(kept)).toBe(0);
  });

  it('three years after what it says of them came, and a day', async () => {
    const eva = await world.learner('eva');
    await offer(eva);
    const after = async (hours: number) => {
      world.pass(hours);
      await world.forget.retain();
      jest.restoreAllMocks();
      return offered(eva);
    };
    expect(await after(3 * YEAR - DAY)).toBe(1);
    expect(await after(3 * YEAR + 2 * DAY)).toBe(0);
  });

  it('also where it was written at the very moment of a no, a merge or a removal', async () => {
    const [fia, gun] = [await world.learner('fia'), await world.learner('gun')];
    const late = await world.learner('late');
    await world.optOut('fia@exempel.example');
    await world.post(`contacts/${gun}/merge`, { from: late }).expect(204);
    const gone = newId();
    await offer(fia, late, gone);
    await world.forget.sweep();
    const left = [fia, gun, late, gone].map(offered);
    expect(await Promise.all(left)).toEqual([0, 1, 0, 0]);
  });
});
