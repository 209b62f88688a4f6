import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@candlecast/domain';
import { createDatabase, type Database, type DatabaseOptions } from '@candlecast/store';
import type { Logger } from '@candlecast/telemetry';

const RETRY_MS = 1_000;

/** Connects to the database, waiting for as long as it is away; any other failure, and an aborted `signal`, throws. */
export async function connectPatiently(options: DatabaseOptions, logger: Logger, signal: AbortSignal): Promise<Database> {
  for (;;) {
    try {
      return await createDatabase(options);
    } catch (cause) {
      if (!(cause instanceof AppError && cause.retryable)) throw cause;
      logger.warn({ err: cause }, 'waiting for the database');
    }
    await delay(RETRY_MS, undefined, { signal });
  }
}
