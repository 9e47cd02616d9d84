/** What a bare loop took, without its warm-up. */
export interface BareResult {
  seconds: number;
  cpuSeconds: number;
}

/** Does `step` for every `size` of so many, several at the same time: first a few, for both sides are measured warm, then all. */
export async function bareLoop(
  { recipients, concurrency }: { recipients: number; concurrency: number },
  { warm, size = 1 }: { warm: number; size?: number },
  step: (first: number, count: number) => Promise<void>,
): Promise<BareResult> {
  let next = 0;
  const line = async (end: number) => {
    while (next < end) {
      const first = next;
      next += size;
      await step(first, Math.min(size, end - first));
    }
  };
  const lines = (end: number) => Promise.all(Array.from({ length: concurrency }, () => line(end)));

  await lines(Math.min(warm, recipients));
  const begun = performance.now();
  const cpu = process.cpuUsage();
  next = 0;
  await lines(recipients);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** Runs what was ordered on the command line, says what it took on one line, and ends the process. */
export function asOrdered<Order>(run: (order: Order) => Promise<BareResult>): void {
  run(JSON.parse(process.argv[2]!) as Order).then(
    (result) => process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
}
