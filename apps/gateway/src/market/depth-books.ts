import { AppError, type DepthUpdate, type EpochMs, type InstrumentId, type LatestChannel } from '@candlecast/domain';
import type { LatestValues } from '../live/latest-values.ts';

/** Order books, which ingest keeps while somebody asks for them. */
export interface DepthBooks {
  /** Asks for a book and returns it as it stood at most three seconds ago. `UPSTREAM_STALE` when it is refused or does not come in time. */
  load(instrumentId: InstrumentId, signal: AbortSignal): Promise<DepthUpdate>;
}

/** For how long one question has a book kept: somebody who looks again finds it there. */
const WISH_MS = 30_000;
const FRESH_MS = 3_000;
const PATIENCE_MS = 8_000;

/** Returns the books that come over the channel; times are this machine's. `now` tells milliseconds that only grow. */
export function createDepthBooks(sources: {
  readonly channel: Pick<LatestChannel, 'publish'>;
  readonly latest: LatestValues;
  readonly now: () => number;
  readonly patienceMs?: number;
}): DepthBooks {
  const { channel, latest, now, patienceMs = PATIENCE_MS } = sources;
  const receivedAt = new Map<InstrumentId, number>();
  latest.watch('depth', undefined, (id) => receivedAt.set(id, now()));

  return {
    async load(instrumentId, signal) {
      channel.publish({ topic: 'depth.wanted', key: instrumentId, value: { instrumentId, forMs: WISH_MS } });
      const isFresh = now() - (receivedAt.get(instrumentId) ?? Number.NEGATIVE_INFINITY) <= FRESH_MS;
      const kept = isFresh ? latest.find('depth', instrumentId) : undefined;
      // A refusal of a moment ago may hold no longer.
      const update = kept?.state === 'LIVE' ? kept : await waitForNext(instrumentId, signal);
      if (!update) throw new AppError('UPSTREAM_STALE', `no book of ${instrumentId} came for ${patienceMs} ms`, { retryable: true });
      if (update.state === 'REFUSED') throw new AppError('UPSTREAM_STALE', `the book of ${instrumentId} is not kept: ${update.reason}`);
      return update;
    },
  };

  function waitForNext(id: InstrumentId, signal: AbortSignal): Promise<DepthUpdate | undefined> {
    return new Promise((resolve) => {
      const end = (update: DepthUpdate | undefined) => {
        clearTimeout(timer);
        unwatch();
        signal.removeEventListener('abort', leave);
        resolve(update);
      };
      const leave = () => end(undefined);
      const timer = setTimeout(leave, patienceMs);
      const unwatch = latest.watch('depth', [id], () => {
        const update = latest.find('depth', id);
        if (update && update.state !== 'SYNCING') end(update);
      });
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}

/** A book cut to its best levels. */
export interface ShownDepth {
  readonly instrumentId: InstrumentId;
  readonly bids: DepthUpdate['bids'];
  readonly asks: DepthUpdate['asks'];
  readonly updateId: number | null;
  readonly at: EpochMs;
}

/** Returns the best `levels` of each side. */
export function cutDepth({ instrumentId, bids, asks, updateId, at }: DepthUpdate, levels: number): ShownDepth {
  return { instrumentId, bids: bids.slice(0, levels), asks: asks.slice(0, levels), updateId, at };
}
