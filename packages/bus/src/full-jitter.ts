/**
 * Returns how many milliseconds to wait before try number `attempt` (0 is the first): random between 0 and a ceiling that
 * doubles from `baseMs` up to `capMs` ("full jitter", AWS Architecture Blog 2015).
 */
export function fullJitterMs(attempt: number, baseMs = 100, capMs = 5_000, random: () => number = Math.random): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20));
}
