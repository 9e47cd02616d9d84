// `node --require`: on SIGUSR2 the event loop stands still, as under a long computation, but costs no CPU.
process.on('SIGUSR2', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_000);
});
