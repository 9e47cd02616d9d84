import { newId } from '../../src/platform/ids';
import { logIn, type Caller } from '../setup/callers';
import { Service } from '../setup/service';

interface Restriction {
  recorded: boolean;
  at: string;
  entryId: string;
}

describe('a person asks that their data are kept and not used', () => {
  let service: Service;
  let desk: Caller;
  let topicId: string;

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    desk = await logIn(service, 'service');
  });
  afterAll(() => service?.close());

  const call = (method: string, path: string) =>
    fetch(`${service.url}/api/v1/${path}`, {
      method,
      headers: { origin: service.env.PUBLIC_URL, ...desk.headers },
    });
  const restrict = async (id: string) =>
    (await (await call('PUT', `contacts/${id}/restriction`)).json()) as Restriction;

  it('L-22 D-07: nothing is sent from then on, the card says why, and once is enough', async () => {
    const [kept, other] = await service.people(topicId, [
      { email: 'vilar@exempel.example' },
      { email: 'laser@exempel.example' },
    ]);
    const first = await restrict(kept!);
    expect(first).toMatchObject({ recorded: true });
    expect(await restrict(kept!)).toEqual({ ...first, recorded: false });

    const counts = await service.settled(await service.launch(topicId));
    expect(counts.withheld).toEqual([{ reason: 'restricted', count: 1 }]);
    expect((await service.mailbox()).map(({ to }) => to)).toEqual(['laser@exempel.example']);
    const said = async (id: string) =>
      ((await (await call('GET', `registry/contacts/${id}`)).json()) as { sentence: string })
        .sentence;
    expect(await said(kept!)).toContain('behandlingen är begränsad');
    expect(await said(other!)).not.toContain('begränsad');
    const trail = await service.db.query(
      `SELECT details FROM audit_entry WHERE action = 'restriction.recorded' AND subject_id = $1 ORDER BY at`,
      [kept],
    );
    expect(trail).toEqual([{ details: { recorded: true } }, { details: { recorded: false } }]);
  });

  it('says so when there is nobody like that', async () => {
    const answer = await call('PUT', `contacts/${newId()}/restriction`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'unknown_contact' });
  });
});
