import { type CandleValues, type EpochMs, MINUTE_MS, planGaps, type TimeRange } from '@candlecast/domain';

/** What became of a closed candle from the stream. */
export type TailVerdict = 'held' | 'duplicate' | 'late' | 'dropped';

/** Taken candles that are remembered, to tell a repeated close from a changed one. */
const REMEMBERED = 16;

/**
 * The growing end of one 1m series, without any I/O. Closed candles come from the stream in any order and from requests; they leave
 * in order and without a hole: `next` is the open time of the first one that has not left yet. Start, reconnect, a lost close and
 * a closed one that comes late are all the same to it.
 */
export class Tail {
  readonly #held = new Map<EpochMs, CandleValues>();
  readonly #taken = new Map<EpochMs, CandleValues>();
  readonly #start: EpochMs;
  readonly #capacity: number;
  readonly #late = new Map<EpochMs, CandleValues>();
  #excused: TimeRange[] = [];
  #next: EpochMs;

  /** Starts at `next`, holding at most `capacity` candles that cannot leave yet. Nothing before `start` belongs to it. */
  constructor(start: EpochMs, next: EpochMs, capacity: number) {
    this.#start = start;
    this.#next = next;
    this.#capacity = capacity;
  }

  get next(): EpochMs {
    return this.#next;
  }

  /** How many candles it holds. */
  get size(): number {
    return this.#held.size + this.#late.size;
  }

  /** Takes a closed candle from the stream. What does not fit is dropped: it will be requested when its turn comes. */
  offer(candle: CandleValues): TailVerdict {
    const { openTime } = candle;
    if (openTime < this.#next) return this.#offerLate(candle);
    const held = this.#held.get(openTime);
    if (held && !hasMoreTrades(candle, held)) return 'duplicate';
    if (!held && this.#held.size >= this.#capacity && openTime > this.#next) return 'dropped';
    this.#held.set(openTime, candle);
    return 'held';
  }

  /**
   * Takes requested candles (oldest first, from `next` on) and returns the holes between them: minutes that the exchange passed
   * over. A requested candle wins over one from the stream, unless that has more trades, or the same values and its trade ids too.
   */
  merge(requested: readonly CandleValues[]): TimeRange[] {
    const rows = requested.filter(({ openTime }) => openTime >= this.#next);
    for (const row of rows) {
      const held = this.#held.get(row.openTime);
      if (!held || !(hasMoreTrades(held, row) || hasSameValues(held, row))) this.#held.set(row.openTime, row);
    }
    const last = rows.at(-1);
    if (!last) return [];
    const present = [...this.#held.keys()].sort((a, b) => a - b);
    return planGaps(present, { from: this.#next, to: last.openTime }, MINUTE_MS, this.#excused);
  }

  /**
   * Compares candles that were requested once more with those that left, and returns the ones to commit: changed, or no longer
   * remembered. An answer that knows of fewer trades is behind and proves nothing.
   */
  compare(again: readonly CandleValues[]): CandleValues[] {
    const changed = again.filter((candle) => {
      if (candle.openTime < this.#start || candle.openTime >= this.#next) return false;
      const taken = this.#taken.get(candle.openTime);
      return !taken || !(hasSameValues(candle, taken) || hasMoreTrades(taken, candle));
    });
    for (const candle of changed) this.#remember(candle);
    return changed;
  }

  /** A recorded hole: the series goes on after it. */
  excuse(range: TimeRange): void {
    this.#excused.push(range);
  }

  /**
   * Takes at most `limit` candles out, oldest first and each open time once: late ones, then those that follow each other from `next`
   * on, which moves behind them.
   */
  take(limit: number): CandleValues[] {
    const taken = [...this.#late.values()].sort((a, b) => a.openTime - b.openTime).slice(0, limit);
    for (const { openTime } of taken) this.#late.delete(openTime);
    while (taken.length < limit) {
      const candle = this.#held.get(this.#next);
      if (candle) {
        taken.push(candle);
        this.#held.delete(this.#next);
        this.#remember(candle);
        this.#next = (this.#next + MINUTE_MS) as EpochMs;
        continue;
      }
      const hole = this.#excused.find(({ from, to }) => from <= this.#next && this.#next < to);
      if (!hole) break;
      this.#next = hole.to;
    }
    this.#excused = this.#excused.filter(({ to }) => to > this.#next);
    return taken;
  }

  #offerLate(candle: CandleValues): TailVerdict {
    const taken = this.#taken.get(candle.openTime);
    if (candle.openTime < this.#start) return 'duplicate';
    if (taken && !hasMoreTrades(candle, taken) && !bringsIds(candle, taken)) return 'duplicate';
    if (this.#late.size >= this.#capacity) return 'dropped';
    this.#late.set(candle.openTime, candle);
    this.#remember(candle);
    return 'late';
  }

  #remember(candle: CandleValues): void {
    this.#taken.set(candle.openTime, candle);
    const oldest = this.#taken.keys().next();
    if (this.#taken.size > REMEMBERED && !oldest.done) this.#taken.delete(oldest.value);
  }
}

function hasMoreTrades(candle: CandleValues, other: CandleValues): boolean {
  return candle.tradeCount !== null && other.tradeCount !== null && candle.tradeCount > other.tradeCount;
}

/** The same candle with its trade ids: the stream's, after a request was faster. */
function bringsIds(candle: CandleValues, other: CandleValues): boolean {
  return other.firstTradeId === null && candle.firstTradeId !== null && hasSameValues(candle, other);
}

/** Trade ids aside: requested candles have none. */
function hasSameValues(candle: CandleValues, other: CandleValues): boolean {
  return VALUES.every((field) => candle[field] === other[field]);
}

const VALUES = [
  'open',
  'high',
  'low',
  'close',
  'baseVolume',
  'quoteVolume',
  'tradeCount',
  'takerBuyBaseVolume',
  'takerBuyQuoteVolume',
] as const satisfies readonly (keyof CandleValues)[];
