import { type EpochMs, floorToInterval } from '@candlecast/domain';

/** What was last seen of a candle: enough to tell which of two views is newer. */
export interface CandleMark {
  readonly openTime: EpochMs;
  readonly tradeCount: number | null;
  readonly baseVolume: string;
}

/** What was last seen of a book's top. */
export interface BookMark {
  readonly bidPrice: string;
  readonly bidSize: string;
  readonly askPrice: string;
  readonly askSize: string;
}

/**
 * Tells whether the exchange has traded since the stream's last candle. Without one (`seen` undefined) it counts what opened after
 * the minute in which the stream started. A candle without trades is no sign: quiet pairs may be silent.
 */
export function isCandleBehind(seen: CandleMark | undefined, newest: CandleMark | undefined, startedAt: EpochMs): boolean {
  if (!newest) return false;
  const seenOpenTime = seen?.openTime ?? floorToInterval(startedAt, '1m');
  if (newest.openTime > seenOpenTime) return newest.tradeCount !== 0;
  if (!seen || newest.openTime < seenOpenTime) return false;
  if (newest.tradeCount !== null && seen.tradeCount !== null) return newest.tradeCount > seen.tradeCount;
  return newest.baseVolume !== seen.baseVolume;
}

/** Tells whether the exchange shows another top of the book than the one that was seen last. */
export function isBookBehind(seen: BookMark, newest: BookMark): boolean {
  return (
    seen.bidPrice !== newest.bidPrice ||
    seen.bidSize !== newest.bidSize ||
    seen.askPrice !== newest.askPrice ||
    seen.askSize !== newest.askSize
  );
}

/**
 * Tells whether the candle stream has shown a trade that the trade stream has not brought, by the ids of single trades: `candleId` is
 * the newest one that a candle named, `seenId` the newest one that a trade named, `startId` the first one that a candle named since the
 * streams run. Undefined or null: nothing was said.
 */
export function isTapeBehind(candleId: number | null | undefined, seenId: number | undefined, startId: number | null | undefined): boolean {
  if (candleId === null || candleId === undefined || startId === null || startId === undefined) return false;
  return candleId > Math.max(seenId ?? startId, startId);
}
