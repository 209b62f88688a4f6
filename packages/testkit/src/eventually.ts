import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `attempt` again and again until it does not throw, and returns its result. After `timeoutMs` (default 5,000) it throws
 * what the last attempt threw. Waits `intervalMs` (default 25) in between.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 5_000, intervalMs = 25 }: { readonly timeoutMs?: number; readonly intervalMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (performance.now() >= deadline) throw cause;
    }
    await delay(intervalMs);
  }
}
