/** Google's bulk sender guidelines: stay below 0.10 %, never reach 0.30 %. */
const WARN = 0.001;
const STOP = 0.003;
/** One complaint among a few mails is a person, not a rate. */
const FEWEST_DELIVERED = 1_000;

/** What the complaints of the last seven days call for. */
export function complaintVerdict(complaints: number, delivered: number): 'fine' | 'warn' | 'stop' {
  if (delivered < FEWEST_DELIVERED) return complaints > FEWEST_DELIVERED * STOP ? 'stop' : 'fine';
  const rate = complaints / delivered;
  if (rate >= STOP) return 'stop';
  return rate >= WARN ? 'warn' : 'fine';
}
