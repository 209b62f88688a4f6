/** Shared waiting time between attempts: all who fail together try again together. */
export interface Backoff {
  /** Resolves when the next attempt is due; the same moment for all who ask before it. Resolves early when `signal` aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** The last attempt brought something: the next failure waits least again. */
  succeed(): void;
}

const FIRST_MS = 250;
/** A gateway that was killed is back within seconds, and its clients must be: only a longer outage is asked about less often. */
const SHORT_CAP_MS = 2_000;
const SHORT_FAILURES = 20;
/** Timers may fire this much early by the other clock: such a wait is over, not one to be shared. */
const EARLY_MS = 5;

/**
 * Returns a backoff with full jitter: a random time up to a limit that doubles with every failure until two seconds, and after twenty failures
 * in a row, which take about as many seconds, until `capMs`. Never gives up.
 */
export function createBackoff(capMs: number, random: () => number): Backoff {
  let failures = 0;
  let dueAt = 0;
  return {
    wait(signal) {
      const now = performance.now();
      if (dueAt <= now + EARLY_MS) dueAt = now + random() * Math.min(capMs, limitAfter(failures++));
      return pause(dueAt - now, signal);
    },
    succeed() {
      failures = 0;
    },
  };
}

function limitAfter(failures: number): number {
  if (failures < SHORT_FAILURES) return Math.min(SHORT_CAP_MS, FIRST_MS * 2 ** Math.min(failures, 30));
  return SHORT_CAP_MS * 2 ** Math.min(failures - SHORT_FAILURES, 30);
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
