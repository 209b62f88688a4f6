import type { AsOf } from '../as-of.ts';
import type { Candle, CandleValues } from '../candle.ts';
import type { Decimal } from '../decimal.ts';
import type { LogPosition } from '../event.ts';
import type { Gap, GapReason } from '../gap.ts';
import type { InstrumentId } from '../instrument.ts';
import type { Interval } from '../interval.ts';
import type { EpochMs, TimeRange } from '../time.ts';

/** Closed 1m candles of one instrument to be stored, oldest first, unique by open time. */
export interface ClosedCandles {
  readonly instrumentId: InstrumentId;
  readonly candles: readonly CandleValues[];
}

/** What a commit did to one instrument. */
export interface CommitResult {
  readonly instrumentId: InstrumentId;
  readonly inserted: number;
  /** Known values replaced by others: each raised its candle's revision. */
  readonly corrected: number;
  /** Columns filled in that the first source lacks, such as trade ids; the revision stays. */
  readonly completed: number;
  readonly unchanged: number;
  /** Watermark after the commit; null before the series is live. */
  readonly watermark: EpochMs | null;
}

/** Writes candles. Every call is one transaction: rows, roll-ups, watermark and log entries appear together or not at all. */
export interface CandleWriter {
  /**
   * Stores live and caught-up candles (several instruments, one transaction). Logs `candle.closed` for each new 1m candle and, as the
   * watermark passes a bucket's end, for each roll-up; `candle.corrected` for changes and rows below the watermark. A lower trade count
   * never replaces a higher one, and what a first source lacks is filled in without an event. Running it twice changes nothing.
   */
  commitClosed(batch: readonly ClosedCandles[], knownAt: EpochMs): Promise<CommitResult[]>;
  /** Stores history from before `liveSince` in bulk, refreshes the roll-ups over it and logs one `candles.backfilled`; later candles are refused. */
  commitHistory(history: ClosedCandles, knownAt: EpochMs): Promise<CommitResult>;
  /** Records the first live candle: those from `since` on are logged one by one, older ones are history. The first call counts; the state stays. */
  startLive(instrumentId: InstrumentId, since: EpochMs): Promise<void>;
  /** The same for many instruments in one transaction. */
  startLiveAll(instrumentIds: readonly InstrumentId[], since: EpochMs): Promise<void>;
  /** Records why a range has no candles (logged), so that the watermark may pass it. Non-PENDING reasons excuse the range. */
  recordGap(instrumentId: InstrumentId, range: TimeRange, reason: GapReason, seenAt: EpochMs): Promise<void>;
}

/** The open time from which on a series has to be looked at. */
export interface SeriesStart {
  readonly instrumentId: InstrumentId;
  readonly from: EpochMs;
}

/** The growing end of a series as it is stored, all oldest first. */
export interface SeriesEnd {
  readonly openTimes: readonly EpochMs[];
  readonly gaps: readonly Gap[];
}

/** Candles of one page, oldest first, and the place in the log at which they were read. */
export interface CandleSnapshot {
  readonly candles: readonly Candle[];
  readonly position: LogPosition;
}

export interface CandleQuery {
  readonly instrumentId: InstrumentId;
  readonly interval: Interval;
  /** May reach beyond what is stored, at no cost: `newest` begins at the newest stored candle before its end. */
  readonly range: TimeRange;
  readonly limit: number;
  /** Which end of the range to take when it holds more than `limit`; the result is oldest first all the same. */
  readonly take: 'oldest' | 'newest';
  /**
   * The past, as if now were then: candles that had ended, and the bucket around that moment from the minutes before it. `eventTime`: in
   * today's values; `knownAt`: in the versions known then, without minutes that came later. Candles fetched as history count by event time.
   */
  readonly asOf?: AsOf | undefined;
}

/** Candles as columns of equal length, oldest first: open times in unix seconds, and the floats nearest to the exact values. */
export interface BarColumns {
  readonly t: readonly number[];
  readonly o: readonly number[];
  readonly h: readonly number[];
  readonly l: readonly number[];
  readonly c: readonly number[];
  readonly v: readonly number[];
}

/** Names a chunk of bars: `from` is where it begins. */
export interface BarChunkQuery {
  readonly instrumentId: InstrumentId;
  readonly interval: Interval;
  readonly from: EpochMs;
}

/** A chunk of the past and what it is called now. */
export interface BarChunkRow {
  readonly range: TimeRange;
  /**
   * Another one after every change of what the chunk holds, the same one for every reader until then. Null while minutes may still be added
   * at its end, and while its bars may not show every stored minute.
   */
  readonly revision: string | null;
}

/** A chunk with its bars, of one snapshot. */
export interface BarChunk extends BarChunkRow {
  readonly columns: BarColumns;
  readonly position: LogPosition;
}

/** Last price and sums over the 24 hours before `asOf`. */
export interface MarketSummaryRow {
  readonly instrumentId: InstrumentId;
  readonly lastPrice: string;
  readonly lastTime: EpochMs;
  readonly open24h: string | null;
  readonly high24h: string | null;
  readonly low24h: string | null;
  readonly baseVolume24h: string | null;
  readonly quoteVolume24h: string | null;
  readonly tradeCount24h: number | null;
  /** Hourly closes, oldest first, at most 24. */
  readonly sparkline: readonly string[];
}

/** A UTC day of one instrument. */
export interface DailyTotalRow {
  readonly instrumentId: InstrumentId;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly baseVolume: Decimal;
  readonly quoteVolume: Decimal | null;
  readonly tradeCount: number | null;
  /** Whether the day is over and nothing of it is missing, recorded gaps aside. */
  readonly isClosed: boolean;
}

/** Asks for one day of several instruments. */
export interface DailyTotalQuery {
  readonly instrumentIds: readonly InstrumentId[];
  /** The day's first moment. */
  readonly day: EpochMs;
  readonly limit: number;
  /** Which end of the list to take when it holds more than `limit`; the result is in the order of the ids all the same. */
  readonly take: 'first' | 'last';
}

/** Reads candles. The bucket that is still open is included with `isClosed: false`. */
export interface CandleReader {
  findCandles(query: CandleQuery): Promise<Candle[]>;
  /** The same rows with the log position of the same repeatable-read snapshot. */
  findSnapshot(query: CandleQuery): Promise<CandleSnapshot>;
  /** The rows of `findSnapshot` as columns, for charts; `asOf` is not looked at. Throws `instrument_unknown`. */
  findBars(query: Omit<CandleQuery, 'asOf'>): Promise<{ readonly columns: BarColumns; readonly position: LogPosition }>;
  /** One chunk. Throws `instrument_unknown`. */
  findBarChunk(query: BarChunkQuery): Promise<BarChunk>;
  /**
   * The chunks that overlap `range`, or the newest `limit` of them where it is longer, oldest first, and the newest chunk of all, which grows,
   * with its bars; undefined without candles. Throws `instrument_unknown`.
   */
  findBarChunks(
    query: Omit<BarChunkQuery, 'from'> & { readonly range: TimeRange; readonly limit: number },
  ): Promise<{ readonly chunks: readonly BarChunkRow[]; readonly tail: BarChunk | undefined; readonly position: LogPosition }>;
  /** The newest 1m candle of each instrument, in the order of the ids; one without candles is left out. */
  findNewest(instrumentIds: readonly InstrumentId[]): Promise<{ instrumentId: InstrumentId; candle: Candle }[]>;
  /** Open times of the stored 1m candles in `range`, oldest first. */
  findOpenTimes(instrumentId: InstrumentId, range: TimeRange): Promise<EpochMs[]>;
  /** How many candles of `interval` are stored in `range`. */
  countCandles(instrumentId: InstrumentId, interval: Interval, range: TimeRange): Promise<number>;
  /** The recorded gaps that overlap `range`, resolved ones included, oldest first. */
  findGaps(instrumentId: InstrumentId, range: TimeRange): Promise<Gap[]>;
  /**
   * What is stored of the growing ends of many series: open times from each one's `from` up to `to`, and the gaps that reach into that or
   * are still PENDING anywhere before. Instruments that are not known are left out.
   */
  findEnds(starts: readonly SeriesStart[], to: EpochMs): Promise<Map<InstrumentId, SeriesEnd>>;
  /** In the order of the ids; an instrument without a candle before `asOf` is left out. `isKnownThen`: in the values known at `asOf`. */
  findSummaries(instrumentIds: readonly InstrumentId[], asOf: EpochMs, isKnownThen?: boolean): Promise<MarketSummaryRow[]>;
  /** In the order of the ids; an instrument without a candle on that day is left out. */
  findDailyTotals(query: DailyTotalQuery): Promise<DailyTotalRow[]>;
}
