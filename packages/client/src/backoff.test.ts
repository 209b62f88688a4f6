import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBackoff } from './backoff.ts';

const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Waits, lets the time pass that the wait needs, and returns it in milliseconds. */
async function timed(wait: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  const waiting = wait().then(() => performance.now() - startedAt);
  await vi.runAllTimersAsync();
  return await waiting;
}

describe('a backoff', () => {
  it('doubles up to its cap and starts again after a success', async () => {
    const backoff = createBackoff(1_000, () => 0.5);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) waits.push(await timed(() => backoff.wait(never)));
    backoff.succeed();
    waits.push(await timed(() => backoff.wait(never)));
    expect(waits.map(Math.round)).toEqual([125, 250, 500, 500, 125]);
  });

  it('stays at two seconds while an outage is short, then doubles again', async () => {
    const backoff = createBackoff(10_000, () => 1);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 25; attempt++) waits.push(Math.round(await timed(() => backoff.wait(never))));
    expect(waits.slice(0, 5)).toEqual([250, 500, 1_000, 2_000, 2_000]);
    expect(waits.slice(19)).toEqual([2_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('lets all who wait go on together, and at once those who leave', async () => {
    const random = vi.fn(() => 0.2);
    const backoff = createBackoff(10_000, random);
    const leaving = new AbortController();
    const gone: string[] = [];
    const waits = [
      backoff.wait(never).then(() => gone.push('one')),
      backoff.wait(never).then(() => gone.push('two')),
      backoff.wait(leaving.signal).then(() => gone.push('left')),
    ];
    leaving.abort();
    await vi.advanceTimersByTimeAsync(49);
    expect(gone).toEqual(['left']);
    await vi.advanceTimersByTimeAsync(1);
    expect(gone).toEqual(['left', 'one', 'two']);
    await Promise.all(waits);
    expect(random).toHaveBeenCalledTimes(1);
  });
});
