import type { Sql } from './database';
import { send, writingBehind } from './write-behind';

/** A connection that answers when it is told to. */
class SlowSql implements Sql {
  readonly asked: string[] = [];
  private readonly open: { resolve: (rows: never[]) => void; reject: (cause: Error) => void }[] =
    [];

  query<Row>(text: string): Promise<Row[]> {
    this.asked.push(text);
    return new Promise((resolve, reject) => this.open.push({ resolve, reject }));
  }

  answer(): void {
    this.open.shift()!.resolve([]);
  }

  fail(message: string): void {
    this.open.shift()!.reject(new Error(message));
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('writes that nobody waits for', () => {
  let sql: SlowSql;
  beforeEach(() => (sql = new SlowSql()));

  it('are sent at once, one statement at a time and in their order', async () => {
    const whole = writingBehind(sql, async (behind) => {
      await send(behind, 'first', []);
      await send(behind, 'second', []);
      return behind.query('question');
    });
    await turn();
    expect(sql.asked).toEqual(['first']);
    sql.answer();
    await turn();
    expect(sql.asked).toEqual(['first', 'second']);
    sql.answer();
    await turn();
    expect(sql.asked).toEqual(['first', 'second', 'question']);
    sql.answer();
    await expect(whole).resolves.toEqual([]);
  });

  it('do not hold up the work between them', async () => {
    let went = false;
    const whole = writingBehind(sql, async (behind) => {
      await send(behind, 'write', []);
      went = true;
    });
    await turn();
    expect(went).toBe(true);
    sql.answer();
    await whole;
  });

  it('make the next call fail with their own cause, and nothing more is asked', async () => {
    const whole = writingBehind(sql, async (behind) => {
      await send(behind, 'write', []);
      await behind.query('question');
    });
    await turn();
    sql.fail('deadlock');
    await expect(whole).rejects.toThrow('deadlock');
    expect(sql.asked).toEqual(['write']);
  });

  it('make the whole fail when they are the last', async () => {
    const whole = writingBehind(sql, (behind) => send(behind, 'write', []));
    await turn();
    sql.fail('disk full');
    await expect(whole).rejects.toThrow('disk full');
  });

  it('are not under way any more when the work between them has failed', async () => {
    let over = false;
    const whole = writingBehind(sql, async (behind) => {
      await send(behind, 'write', []);
      throw new Error('a defect');
    }).finally(() => (over = true));
    whole.catch(() => undefined);
    await turn();
    expect(over).toBe(false);
    sql.answer();
    await expect(whole).rejects.toThrow('a defect');
  });

  it('are waited for where the transaction is an ordinary one', async () => {
    let sent = false;
    const sending = send(sql, 'write', []).then(() => (sent = true));
    await turn();
    expect(sent).toBe(false);
    sql.answer();
    await expect(sending).resolves.toBe(true);
  });
});
