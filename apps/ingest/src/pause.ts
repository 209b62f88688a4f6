import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `ms` milliseconds, or as soon as `signal` aborts. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Longer than 2^31 - 1 ms makes Node fire at once.
  await delay(Math.min(Math.max(ms, 0), 2_147_483_647), undefined, { signal }).catch(() => undefined);
}

/** Runs `work` again and again with `intervalMs` between the end of one run and the next, until `signal` aborts. */
export async function repeat(intervalMs: () => number, signal: AbortSignal, work: () => void | Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await pause(intervalMs(), signal);
  }
}
