import {
  type CandleValues,
  type EpochMs,
  type GapReason,
  type InstrumentId,
  MINUTE_MS,
  planGaps,
  SECOND_MS,
  type TimeRange,
} from '@candlecast/domain';

/** A hole that is being asked about again. */
export interface PendingGap {
  readonly instrumentId: InstrumentId;
  readonly range: TimeRange;
  readonly firstSeenAt: EpochMs;
  readonly reads: number;
}

/** What the keeper needs. All times are the exchange's. */
export interface GapKeeperOptions {
  /** Reason that is recorded for a hole at first sight: PENDING where somebody can be asked again, a final one where nobody can. */
  readonly firstReason: Extract<GapReason, 'PENDING' | 'SOURCE_INCOMPLETE'>;
  readonly now: () => EpochMs;
  readonly record: (instrumentId: InstrumentId, range: TimeRange, reason: GapReason, seenAt: EpochMs) => Promise<void>;
  /** Candles that the exchange has in the range now, oldest first. */
  readonly fetch: (instrumentId: InstrumentId, range: TimeRange) => Promise<readonly CandleValues[]>;
  readonly commit: (instrumentId: InstrumentId, candles: readonly CandleValues[]) => Promise<void>;
}

/** When a hole is read again, after it was first seen. Only the last read may confirm it: the two must be ten minutes apart. */
const READ_AGAIN_AFTER_MS = [30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS];

/** Keeps the holes that the exchange showed until they are filled or confirmed. */
export class GapKeeper {
  readonly #options: GapKeeperOptions;
  #pending: PendingGap[] = [];

  constructor(options: GapKeeperOptions) {
    this.#options = options;
  }

  get pending(): readonly PendingGap[] {
    return this.#pending;
  }

  /** Records a hole that was seen for the first time. */
  async report(instrumentId: InstrumentId, range: TimeRange): Promise<void> {
    const { firstReason, now, record } = this.#options;
    const seenAt = now();
    await record(instrumentId, range, firstReason, seenAt);
    if (firstReason === 'PENDING') this.#pending.push({ instrumentId, range, firstSeenAt: seenAt, reads: 0 });
  }

  /** Goes on with holes that were pending when the service ended. */
  resume(instrumentId: InstrumentId, gaps: readonly (TimeRange & { readonly firstSeenAt: EpochMs })[]): void {
    const resumed = gaps.map(({ from, to, firstSeenAt }) => ({ instrumentId, range: { from, to }, firstSeenAt, reads: 0 }));
    this.#pending.push(...resumed);
  }

  /** Reads every hole that is due once more: what is found is committed, what stays empty at last is confirmed. */
  async sweep(): Promise<void> {
    const now = this.#options.now();
    const due = this.#pending.filter((gap) => now >= gap.firstSeenAt + waitOf(gap.reads));
    for (const gap of due) {
      const open = await this.#readAgain(gap);
      this.#pending = this.#pending.flatMap((other) => (other === gap ? open : [other]));
    }
  }

  async #readAgain({ instrumentId, range, firstSeenAt, reads }: PendingGap): Promise<PendingGap[]> {
    const { now, fetch, commit, record } = this.#options;
    const askedAt = now();
    const candles = await fetch(instrumentId, range);
    const times = candles.map(({ openTime }) => openTime);
    const holes = planGaps(times, range, MINUTE_MS);
    const isLastRead = askedAt >= firstSeenAt + waitOf(READ_AGAIN_AFTER_MS.length - 1);
    // Cut what stays empty out of the recorded gap first: what is left of it is then filled as a whole.
    for (const hole of holes) await record(instrumentId, hole, isLastRead ? 'CONFIRMED_EMPTY' : 'PENDING', askedAt);
    if (candles.length > 0) await commit(instrumentId, candles);
    return isLastRead ? [] : holes.map((hole) => ({ instrumentId, range: hole, firstSeenAt, reads: reads + 1 }));
  }
}

function waitOf(reads: number): number {
  return READ_AGAIN_AFTER_MS[reads] ?? READ_AGAIN_AFTER_MS.at(-1) ?? 0;
}
