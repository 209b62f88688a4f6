import { describe, expect, it } from 'vitest';
import { createBackoff } from './backoff.ts';

const never = new AbortController().signal;
const timed = async (work: Promise<void>) => {
  const startedAt = performance.now();
  await work;
  return performance.now() - startedAt;
};

describe('a backoff', () => {
  it('doubles up to its cap and starts again after a success', async () => {
    const backoff = createBackoff(40, () => 1);
    expect(await timed(backoff.wait(never))).toBeLessThan(200);
    const wide = createBackoff(1_000, () => 0.2);
    expect(await timed(wide.wait(never))).toBeGreaterThan(45);
    expect(await timed(wide.wait(never))).toBeGreaterThan(95);
    wide.succeed();
    expect(await timed(wide.wait(never))).toBeLessThan(95);
  });

  it('lets all who wait go on together, and at once those who leave', async () => {
    let draws = 0;
    const backoff = createBackoff(10_000, () => {
      draws += 1;
      return 0.2;
    });
    const leaving = new AbortController();
    const waits = [backoff.wait(never), backoff.wait(never), timed(backoff.wait(leaving.signal))];
    leaving.abort();
    expect(await waits[2]).toBeLessThan(45);
    await Promise.all(waits);
    expect(draws).toBe(1);
  });
});
