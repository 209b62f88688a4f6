import {
  type Candle,
  type CandleValues,
  closeTimeOf,
  type EpochMs,
  floorToInterval,
  foldCandles,
  type Interval,
  MINUTE_MS,
  type OpenCandleUpdate,
} from '@candlecast/domain';

/** How many open minutes are kept while the ones before them are not yet stored as closed: the database may be away for a while. */
const MAX_OPEN_MINUTES = 120;

/**
 * The candle of one series that is still open, put together from what is stored and what streams: the bucket's closed minutes
 * (folded once, extended by each new one) and the minutes after them that are still open. Pure state: no I/O, no time.
 */
export interface OpenCandle {
  /** Takes the stored closed minutes of a bucket, oldest first. */
  load(minutes: readonly Candle[]): void;
  /** Takes a closed or corrected minute; false when it changes what was already folded, so that the bucket must be loaded again. */
  close(minute: Candle): boolean;
  /** Takes the newest state of an open minute; one that is already closed is ignored. */
  update(update: OpenCandleUpdate): void;
  /** The candle as it stands; undefined when the last bucket is complete and nothing newer has begun. */
  current(): Candle | undefined;
}

interface ClosedPart {
  readonly bucket: EpochMs;
  readonly values: CandleValues;
  readonly knownAt: EpochMs;
}

/** Returns an empty open candle of `interval`. */
export function createOpenCandle(interval: Interval): OpenCandle {
  let closed: ClosedPart | undefined;
  let lastClosed = Number.NEGATIVE_INFINITY;
  let open: readonly OpenCandleUpdate[] = [];
  let composed: Candle | undefined;

  function take(minutes: readonly Candle[]): void {
    const last = minutes.at(-1);
    if (last) {
      const bucket = floorToInterval(last.openTime, interval);
      const parts = minutes.filter(({ openTime }) => openTime >= bucket);
      const values = foldCandles(bucket, closed?.bucket === bucket ? [closed.values, ...parts] : parts);
      closed = { bucket, values, knownAt: last.knownAt };
      lastClosed = last.openTime;
    }
    keepOpen(open);
  }

  function keepOpen(updates: readonly OpenCandleUpdate[]): void {
    open = updates.filter(({ candle }) => candle.openTime > lastClosed).slice(-MAX_OPEN_MINUTES);
    composed = undefined;
  }

  function compose(): Candle | undefined {
    const newest = open.at(-1);
    if (!newest && (!closed || closeTimeOf(closed.bucket, interval) === lastClosed + MINUTE_MS)) return undefined;
    const bucket = newest ? floorToInterval(newest.candle.openTime, interval) : closed?.bucket;
    const parts = open.map(({ candle }) => candle).filter(({ openTime }) => floorToInterval(openTime, interval) === bucket);
    const all = closed && closed.bucket === bucket ? [closed.values, ...parts] : parts;
    const knownAt = newest?.receivedAt ?? closed?.knownAt;
    if (bucket === undefined || knownAt === undefined) return undefined;
    return { ...foldCandles(bucket, all), isClosed: false, revision: 0, knownAt, reconstructed: false };
  }

  return {
    load: take,
    close(minute) {
      if (minute.openTime <= lastClosed) return closed === undefined || minute.openTime < closed.bucket;
      take([minute]);
      return true;
    },
    update(update) {
      const others = open.filter(({ candle }) => candle.openTime !== update.candle.openTime);
      keepOpen([...others, update].sort((a, b) => a.candle.openTime - b.candle.openTime));
    },
    current() {
      composed ??= compose();
      return composed;
    },
  };
}
