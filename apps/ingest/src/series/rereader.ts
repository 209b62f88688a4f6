import { addMs, type CandleValues, type EpochMs, MINUTE_MS, SECOND_MS, type TimeRange } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { ExchangeClock } from '../exchange.ts';
import { pause } from '../pause.ts';

/** A live series whose newest closed candles are read a second time. */
export interface RereadSeries {
  readonly symbol: string;
  readonly isLive: boolean;
  /** Compares candles with those that were committed, commits the ones that differ, and tells how many values changed. */
  takeAgain(candles: readonly CandleValues[]): Promise<number>;
}

/** What became of candles that were due for their second read. */
export type RereadResult = 'same' | 'changed' | 'skipped' | 'failed';

export interface RereaderOptions {
  readonly clock: Pick<ExchangeClock, 'now' | 'toWallMs'>;
  readonly series: () => Iterable<RereadSeries>;
  /** Asked once: what does not come has failed. */
  readonly fetch: (symbol: string, range: TimeRange) => Promise<readonly CandleValues[]>;
  readonly onResult: (result: RereadResult, candles: number) => void;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Two candles cost one request of weight 2, so each series is read every other minute: 1,600 series / 2 × 2 = 1,600 of the 6,000 weight
 * a minute. One candle a request would be 3,200, more than half of the limit. Half of the series are due after even minutes and half
 * after odd ones, each at its own moment between 30 and 60 s after the newer close: at most 27 requests a second.
 */
const CYCLE_MS = 2 * MINUTE_MS;
const SETTLE_MS = 30 * SECOND_MS;
const SPREAD_MS = 30 * SECOND_MS;
const MAX_CONCURRENT = 4;
const LONGEST_TICK_MS = 500;
const SHORTEST_TICK_MS = 20;
const LOG_ONE_OF = 100;

/**
 * Reads the last two closed candles of every live series once more, half a minute after their close: values just after a close are
 * reported to differ between reads (sammchardy/python-binance#1246). A read that does not get its turn before the next is due, for
 * want of rate budget, is skipped; one that was made and rejected has failed. Both are counted, and failures are logged.
 */
export class Rereader {
  readonly #options: RereaderOptions;
  readonly #dueAt = new Map<string, EpochMs>();
  readonly #running = new Set<string>();
  #failures = 0;
  #isStopped = false;

  constructor(options: RereaderOptions) {
    this.#options = options;
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.tick();
      const tickMs = this.#options.clock.toWallMs(5 * SECOND_MS);
      await pause(Math.min(Math.max(tickMs, SHORTEST_TICK_MS), LONGEST_TICK_MS), signal);
    }
    this.#isStopped = true;
  }

  /** Starts the reads that are due and for which there is room. */
  tick(): void {
    const now = this.#options.clock.now();
    const due = [...this.#options.series()]
      .map((series) => ({ series, at: this.#dueAt.get(series.symbol) ?? this.#schedule(series.symbol, now) }))
      .filter(({ at }) => at <= now)
      .sort((a, b) => a.at - b.at);
    for (const { series, at } of due) {
      if (now - at >= CYCLE_MS) this.#skip(series, Math.floor((now - at) / CYCLE_MS));
      else if (this.#running.size < MAX_CONCURRENT && !this.#running.has(series.symbol)) this.#start(series, at);
    }
  }

  #schedule(symbol: string, now: EpochMs): EpochMs {
    const offset = offsetOf(symbol);
    const at = addMs((Math.floor((now - offset) / CYCLE_MS) * CYCLE_MS + offset) as EpochMs, CYCLE_MS);
    this.#dueAt.set(symbol, at);
    return at;
  }

  #skip({ symbol, isLive }: RereadSeries, cycles: number): void {
    if (isLive) this.#options.onResult('skipped', 2 * cycles);
    this.#dueAt.set(symbol, addMs(this.#dueAt.get(symbol) ?? (0 as EpochMs), cycles * CYCLE_MS));
  }

  #start(series: RereadSeries, at: EpochMs): void {
    this.#dueAt.set(series.symbol, addMs(at, CYCLE_MS));
    if (!series.isLive) return;
    const to = Math.floor((at - SETTLE_MS) / MINUTE_MS) * MINUTE_MS;
    this.#running.add(series.symbol);
    const range = { from: (to - 2 * MINUTE_MS) as EpochMs, to: to as EpochMs };
    this.#read(series, range)
      .catch((cause: unknown) => this.#fail(series, range, cause))
      .finally(() => this.#running.delete(series.symbol));
  }

  async #read(series: RereadSeries, range: TimeRange): Promise<void> {
    const candles = await this.#options.fetch(series.symbol, range);
    const changed = await series.takeAgain(candles);
    this.#failures = 0;
    this.#options.onResult('changed', changed);
    this.#options.onResult('same', candles.length - changed);
  }

  /** While the exchange is away every read fails: one of a hundred in a row is logged. What the end of the process cuts off is none. */
  #fail({ symbol }: RereadSeries, range: TimeRange, cause: unknown): void {
    if (this.#isStopped) return;
    const { onResult, log } = this.#options;
    onResult('failed', 2);
    if (this.#failures % LOG_ONE_OF === 0) log.warn({ err: cause, symbol, ...range, failures: this.#failures }, 'a second read failed');
    this.#failures += 1;
  }
}

/** When in the cycle a symbol is due: spread evenly by its hash (FNV-1a), the same in every process and after every start. */
function offsetOf(symbol: string): number {
  let hash = 2_166_136_261;
  for (const char of symbol) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619);
  const spread = hash >>> 0;
  return (spread % 2) * MINUTE_MS + SETTLE_MS + ((spread >>> 1) % SPREAD_MS);
}
