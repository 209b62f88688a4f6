import {
  AppError,
  type CandleValues,
  type EpochMs,
  type GapReason,
  type InstrumentId,
  MINUTE_MS,
  planGaps,
  SECOND_MS,
  splitInstrumentId,
  type TimeRange,
} from '@candlecast/domain';
import { isStopped } from '../retry.ts';
import { explainHole } from './explain-hole.ts';

/** A hole that is being asked about again. */
export interface PendingGap {
  readonly instrumentId: InstrumentId;
  readonly range: TimeRange;
  /** When the exchange showed it for the first time; undefined while only the store has been looked at. */
  readonly firstReadAt: EpochMs | undefined;
  /** Reads since then. */
  readonly reads: number;
  /** Reads in a row that failed, when the first of them was and when the next may be, on this machine's timer. */
  readonly failures: number;
  readonly failingSinceMs: number;
  readonly notBeforeMs: number;
}

/** What the keeper needs. All times are the exchange's but `elapsedMs`, a timer of this machine. */
export interface GapKeeperOptions {
  /** Reason that is recorded for a hole at first sight: PENDING where somebody can be asked again, a final one where nobody can. */
  readonly firstReason: Extract<GapReason, 'PENDING' | 'SOURCE_INCOMPLETE'>;
  readonly now: () => EpochMs;
  readonly elapsedMs: () => number;
  readonly record: (instrumentId: InstrumentId, range: TimeRange, reason: GapReason, seenAt: EpochMs) => Promise<void>;
  /** Candles that the exchange has in the range now, oldest first; asked once. */
  readonly fetch: (instrumentId: InstrumentId, range: TimeRange) => Promise<readonly CandleValues[]>;
  readonly commit: (instrumentId: InstrumentId, candles: readonly CandleValues[]) => Promise<void>;
  /** Hears of every read that failed. */
  readonly onFailure: (instrumentId: InstrumentId, range: TimeRange, cause: unknown) => void;
}

/** When a hole is read again, after the exchange first showed it. Only the last read may confirm it: the two must be ten minutes apart. */
const READ_AGAIN_AFTER_MS = [30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS];
/** Pauses between failed reads, and after how long of nothing else the hole is left to the audit. */
const RETRY_MS = SECOND_MS;
const RETRY_CAP_MS = MINUTE_MS;
const GIVE_UP_AFTER_MS = 30 * MINUTE_MS;
const NO_FAILURE = { failures: 0, failingSinceMs: 0, notBeforeMs: 0 };

/** Keeps the holes that the exchange showed until they are filled, confirmed, or given up for now. */
export class GapKeeper {
  readonly #options: GapKeeperOptions;
  #pending: PendingGap[] = [];

  constructor(options: GapKeeperOptions) {
    this.#options = options;
  }

  get pending(): readonly PendingGap[] {
    return this.#pending;
  }

  /** Records a hole that the exchange showed for the first time, or (`isRead` false) that the store has and nobody has asked about. */
  async report(instrumentId: InstrumentId, range: TimeRange, isRead = true): Promise<void> {
    const { firstReason, now } = this.#options;
    const seenAt = now();
    if (firstReason === 'SOURCE_INCOMPLETE') return this.#recordFinal(instrumentId, range, firstReason, seenAt);
    await this.#options.record(instrumentId, range, firstReason, seenAt);
    this.#pending.push({ instrumentId, range, firstReadAt: isRead ? seenAt : undefined, reads: 0, ...NO_FAILURE });
  }

  /**
   * Goes on with holes that were pending when the service ended, or (`isRead` false) takes up ranges as if nobody had asked about them.
   * Those that it has already stay as they are.
   */
  resume(instrumentId: InstrumentId, gaps: readonly (TimeRange & { readonly firstSeenAt: EpochMs })[], isRead = true): void {
    const known = this.#pending.filter((gap) => gap.instrumentId === instrumentId);
    const resumed = gaps
      .filter(({ from, to }) => !known.some(({ range }) => range.from < to && from < range.to))
      .map(({ from, to, firstSeenAt }) => ({ from, to, firstReadAt: isRead ? firstSeenAt : undefined }))
      .map(({ from, to, firstReadAt }) => ({ instrumentId, range: { from, to }, firstReadAt, reads: 0, ...NO_FAILURE }));
    this.#pending.push(...resumed);
  }

  /** Another process goes on with the holes of the instrument. */
  forget(instrumentId: InstrumentId): void {
    this.#pending = this.#pending.filter((gap) => gap.instrumentId !== instrumentId);
  }

  /** Reads every hole that is due once more: what is found is committed, what stays empty at last is confirmed. */
  async sweep(): Promise<void> {
    const [now, elapsedMs] = [this.#options.now(), this.#options.elapsedMs()];
    const due = this.#pending.filter(
      ({ firstReadAt, reads, notBeforeMs }) =>
        (firstReadAt === undefined || now >= firstReadAt + waitOf(reads)) && elapsedMs >= notBeforeMs,
    );
    for (const gap of due) {
      const open = await this.#readAgain(gap).catch((cause: unknown) => this.#afterFailure(gap, cause));
      this.#pending = this.#pending.flatMap((other) => (other === gap ? open : [other]));
    }
  }

  async #readAgain({ instrumentId, range, firstReadAt, reads }: PendingGap): Promise<PendingGap[]> {
    const { now, fetch, commit, record } = this.#options;
    const askedAt = now();
    const candles = await fetch(instrumentId, range);
    const times = candles.map(({ openTime }) => openTime);
    const holes = planGaps(times, range, MINUTE_MS);
    const isLastRead = firstReadAt !== undefined && askedAt >= firstReadAt + waitOf(READ_AGAIN_AFTER_MS.length - 1);
    // Cut what stays empty out of the recorded gap first: what is left of it is then filled as a whole.
    for (const hole of holes) {
      if (isLastRead) await this.#recordFinal(instrumentId, hole, 'CONFIRMED_EMPTY', askedAt);
      else await record(instrumentId, hole, 'PENDING', askedAt);
    }
    if (candles.length > 0) await commit(instrumentId, candles);
    if (isLastRead) return [];
    const next = firstReadAt === undefined ? { firstReadAt: askedAt, reads: 0 } : { firstReadAt, reads: reads + 1 };
    return holes.map((hole) => ({ instrumentId, range: hole, ...next, ...NO_FAILURE }));
  }

  async #recordFinal(instrumentId: InstrumentId, hole: TimeRange, otherwise: GapReason, seenAt: EpochMs): Promise<void> {
    const { symbol } = splitInstrumentId(instrumentId);
    for (const { range, reason } of explainHole(symbol, hole, otherwise)) await this.#options.record(instrumentId, range, reason, seenAt);
  }

  /** What another try cannot cure, or has not cured for half an hour, is recorded as FETCH_FAILED and left to the audit. */
  async #afterFailure(gap: PendingGap, cause: unknown): Promise<PendingGap[]> {
    if (isStopped(cause)) throw cause;
    const { elapsedMs, now, record, onFailure } = this.#options;
    const atMs = elapsedMs();
    onFailure(gap.instrumentId, gap.range, cause);
    const failingSinceMs = gap.failures === 0 ? atMs : gap.failingSinceMs;
    const isHopeless = cause instanceof AppError && !cause.retryable;
    if (isHopeless || atMs - failingSinceMs >= GIVE_UP_AFTER_MS) {
      await record(gap.instrumentId, gap.range, 'FETCH_FAILED', now());
      return [];
    }
    const notBeforeMs = atMs + Math.min(RETRY_MS * 2 ** gap.failures, RETRY_CAP_MS);
    return [{ ...gap, failures: gap.failures + 1, failingSinceMs, notBeforeMs }];
  }
}

function waitOf(reads: number): number {
  return READ_AGAIN_AFTER_MS[reads] ?? READ_AGAIN_AFTER_MS.at(-1) ?? 0;
}
