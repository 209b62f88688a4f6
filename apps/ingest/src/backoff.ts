import type { BackoffRange } from '@candlecast/domain';

/** Half a second up to half a minute: for whatever talks to the exchange. */
export const EXCHANGE_BACKOFF: BackoffRange = { baseMs: 500, capMs: 30_000 };
