// A learning platform as a process of its own: posts learner events in batches, each batch twice as an unsure sender does,
// until all are posted; then prints one line of JSON, how many of each outcome.
const { URL: url, KEY: key, PEOPLE, EVENTS, PER_BATCH, AT_ONCE } = process.env;
const [people, events, perBatch, atOnce] = [PEOPLE, EVENTS, PER_BATCH, AT_ONCE].map(Number);
const KINDS = ['enrolled', 'started', 'completed', 'active'];
const outcomes = {};

const eventAt = (n) => ({
  eventId: `event-${n}`,
  contactExternalId: `p${(n * 7919) % people}`,
  courseExternalId: 'excel-1',
  kind: KINDS[n % KINDS.length],
  occurredAt: new Date(Date.UTC(2026, n % 6, 1 + (n % 28), 9)).toISOString(),
});

async function post(first) {
  const length = Math.min(perBatch, events - first);
  const body = JSON.stringify({ items: Array.from({ length }, (_, i) => eventAt(first + i)) });
  const headers = { 'content-type': 'application/json', authorization: key };
  const answer = await fetch(`${url}/api/v1/learner-events/batch`, {
    method: 'POST',
    headers,
    body,
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  for (const { outcome } of (await answer.json()).items) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
}

async function main() {
  let next = 0;
  const line = async () => {
    while (next < events) {
      const first = next;
      next += perBatch;
      await Promise.all([post(first), post(first)]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  console.log(JSON.stringify(outcomes));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
