/** What an SMTP client's process is told to do. */
export interface SmtpOrder {
  port: number;
  messages: number;
  sessions: number;
  /** A message as it goes over the wire, without its final dot. */
  sample: Buffer;
}

export interface SmtpResult {
  seconds: number;
  cpuSeconds: number;
}

/** Does as ordered, first a little to be warm, prints what it took, and ends the process. */
export function finish(run: (order: SmtpOrder) => Promise<void>): void {
  const measured = async () => {
    const { controls, ...told } = JSON.parse(process.argv[2]!) as SmtpOrder & { controls: string };
    const sample = Buffer.from(await (await fetch(`${controls}/sample`)).arrayBuffer());
    const order = { ...told, sample };
    await run({ ...order, messages: Math.ceil(told.messages / 10) });
    const begun = performance.now();
    const cpu = process.cpuUsage();
    await run(order);
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 };
  };
  measured().then(
    (result: SmtpResult) =>
      process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
}
