// `node --require`: this process's wall clock is off by CHAOS_CLOCK_OFFSET_MS. Monotonic time is left alone.
const offset = Number(process.env.CHAOS_CLOCK_OFFSET_MS ?? 0);
if (offset !== 0) {
  const Real = Date;
  const now = () => Real.now() + offset;
  globalThis.Date = class extends Real {
    constructor(...args) {
      super(...(args.length === 0 ? [now()] : args));
    }
    static now() {
      return now();
    }
  };
}
