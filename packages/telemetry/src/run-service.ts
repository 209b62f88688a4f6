import type { Logger } from './logger.ts';

/** Collects what must be closed, and closes it in reverse order of registration. */
export interface Lifecycle {
  /** Aborted when the service is asked to stop. */
  readonly signal: AbortSignal;
  onStop(name: string, close: () => void | Promise<void>): void;
}

/**
 * Runs a service until SIGTERM or SIGINT, then stops it in reverse order, each step within `stopTimeoutMs`.
 * A failed start, an unhandled rejection or an uncaught exception is logged once and ends the process with code 1.
 */
export function runService(logger: Logger, start: (lifecycle: Lifecycle) => Promise<void>, stopTimeoutMs = 5_000): void {
  const controller = new AbortController();
  const steps: { name: string; close: () => void | Promise<void> }[] = [];
  let stopping = false;

  async function stop(exitCode: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    controller.abort();
    for (const { name, close } of steps.reverse()) {
      const timeout = new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error(`"${name}" did not stop within ${stopTimeoutMs} ms`)), stopTimeoutMs).unref();
      });
      await Promise.race([Promise.resolve().then(close), timeout]).catch((cause: unknown) =>
        logger.error({ err: cause }, `stopping "${name}" failed`),
      );
    }
    logger.info('stopped');
    process.exit(exitCode);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(0));
  process.on('uncaughtException', (cause) => {
    logger.fatal({ err: cause }, 'uncaught exception');
    void stop(1);
  });
  process.on('unhandledRejection', (cause) => {
    logger.fatal({ err: cause }, 'unhandled rejection');
    void stop(1);
  });
  start({ signal: controller.signal, onStop: (name, close) => void steps.push({ name, close }) }).catch((cause: unknown) => {
    logger.fatal({ err: cause }, 'start failed');
    void stop(1);
  });
}
