/** Shared waiting time between attempts: all who fail together try again together. */
export interface Backoff {
  /** Resolves when the next attempt is due; the same moment for all who ask before it. Resolves early when `signal` aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** The last attempt brought something: the next failure waits least again. */
  succeed(): void;
}

const FIRST_MS = 250;
/** Timers may fire this much early by the other clock: such a wait is over, not one to be shared. */
const EARLY_MS = 5;

/** Returns a backoff with full jitter: a random time up to a limit that doubles with every failure until `capMs`. Never gives up. */
export function createBackoff(capMs: number, random: () => number): Backoff {
  let failures = 0;
  let dueAt = 0;
  return {
    wait(signal) {
      const now = performance.now();
      if (dueAt <= now + EARLY_MS) dueAt = now + random() * Math.min(capMs, FIRST_MS * 2 ** Math.min(failures++, 30));
      return pause(dueAt - now, signal);
    },
    succeed() {
      failures = 0;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
