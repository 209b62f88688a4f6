import type { Logger } from '@candlecast/telemetry';
import { pause } from './pause.ts';

/** How long to wait between tries: random between half of a ceiling and all of it, the ceiling doubling from `baseMs` to `capMs`. */
export interface Patience {
  readonly baseMs: number;
  readonly capMs: number;
}

export interface TryOptions {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly patience: Patience;
  /** Hears of every failure that is followed by another try. */
  readonly onFailure?: (cause: unknown) => void;
}

/**
 * Runs `task` until it succeeds and returns what it gives; undefined once `signal` aborts. Every failure is logged under `name`: for work
 * that must outlive a database that is away. A task that had been running for longer than the longest wait starts over with the shortest.
 */
export async function keepTrying<T>(name: string, task: () => Promise<T>, options: TryOptions): Promise<T | undefined> {
  const { logger, signal, patience, onFailure } = options;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const startedAt = performance.now();
    try {
      return await task();
    } catch (cause) {
      if (signal.aborted) return undefined;
      if (performance.now() - startedAt > patience.capMs) attempt = 0;
      const waitMs = Math.round((0.5 + Math.random() / 2) * Math.min(patience.capMs, patience.baseMs * 2 ** Math.min(attempt, 20)));
      logger.warn({ err: cause, attempt, waitMs }, `${name} failed, trying again`);
      onFailure?.(cause);
      await pause(waitMs, signal);
    }
  }
  return undefined;
}
