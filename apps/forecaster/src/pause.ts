import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `ms` milliseconds of this machine's time, or as soon as `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((cause: unknown) => {
    if (!signal.aborted) throw cause;
  });
}
