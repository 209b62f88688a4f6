import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@candlecast/domain';
import { findLastError } from './open-log.ts';
import type { SupervisedApp } from './supervise-app.ts';

const POLL_MS = 100;
const REQUEST_TIMEOUT_MS = 5_000;
/** An app that ends so often in a row before it was ever ready will not become ready. */
const HOPELESS_FAILURES = 3;

/**
 * Waits until `url` answers with success. Throws `app_failed`, naming the log, when the app keeps ending or is not ready after `timeoutMs`.
 */
export async function waitUntilReady(
  app: SupervisedApp,
  url: string,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  while (!(await answers(url))) {
    failWhenHopeless(app);
    if (performance.now() > deadline) {
      throw new AppError('app_failed', `${app.name} was not ready after ${options.timeoutMs / 1000} s, see ${app.logFile}`);
    }
    await delay(POLL_MS, undefined, { signal: options.signal });
  }
}

/** Throws `app_failed` when an app has ended again and again, with what its log says of it. */
export function failWhenHopeless(app: SupervisedApp): void {
  if (app.failures() < HOPELESS_FAILURES) return;
  const reason = findLastError(app.logFile) ?? 'without a word';
  throw new AppError('app_failed', `${app.name} ended ${app.failures()} times in a row (${reason}), see ${app.logFile}`);
}

/** Returns the JSON that `url` answers with, or undefined when it does not answer with success. */
export async function findJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    return response.ok ? await response.json() : undefined;
  } catch {
    // Not up yet, or just restarting.
    return undefined;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}
