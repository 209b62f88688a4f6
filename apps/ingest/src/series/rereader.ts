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

/** What became of candles that were due for their second read; `skipped` ones will not be read again. */
export type RereadResult = 'same' | 'changed' | 'skipped' | 'failed';

export interface RereaderOptions {
  readonly clock: Pick<ExchangeClock, 'now' | 'toWallMs'>;
  readonly series: () => Iterable<RereadSeries>;
  /** At most `MOST_CANDLES` of them, oldest first. Asked once: what does not come has failed, and is asked for with the next. */
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
/** What one request may bring; it costs the same weight as two candles. */
export const MOST_CANDLES = 1_000;
/** How far the first read of a process goes back: to what another, which died, had stored and not read again. */
const FIRST_MS = 10 * MINUTE_MS;

/**
 * Reads every closed candle of every live series once more, half a minute after its close: values just after a close are reported to
 * differ between reads (sammchardy/python-binance#1246). Each read begins at the newest candle of the last answer: an answer out of a
 * stale cache ends with a candle as it was when it was open, so only what has a successor has been read. One that failed or did not get
 * its turn (no rate budget, the exchange away, the series not live) is made up for in the same way. Only what is further back than one
 * request reaches is skipped. Candles of failed reads and skipped ones are counted, failures are logged.
 */
export class Rereader {
  readonly #options: RereaderOptions;
  readonly #dueAt = new Map<string, EpochMs>();
  /** Open time of the first candle of a symbol that has not been read again, with a successor. */
  readonly #readTo = new Map<string, EpochMs>();
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
      if (now - at >= CYCLE_MS) this.#dueAt.set(series.symbol, addMs(at, Math.floor((now - at) / CYCLE_MS) * CYCLE_MS));
      else if (this.#running.size < MAX_CONCURRENT && !this.#running.has(series.symbol)) this.#start(series, at);
    }
  }

  #schedule(symbol: string, now: EpochMs): EpochMs {
    const offset = offsetOf(symbol);
    const at = addMs((Math.floor((now - offset) / CYCLE_MS) * CYCLE_MS + offset) as EpochMs, CYCLE_MS);
    this.#dueAt.set(symbol, at);
    return at;
  }

  #start(series: RereadSeries, at: EpochMs): void {
    const { symbol } = series;
    this.#dueAt.set(symbol, addMs(at, CYCLE_MS));
    if (!series.isLive) return;
    const to = (Math.floor((at - SETTLE_MS) / MINUTE_MS) * MINUTE_MS) as EpochMs;
    const from = this.#readTo.get(symbol) ?? addMs(to, -FIRST_MS);
    const reachable = Math.max(from, to - MOST_CANDLES * MINUTE_MS) as EpochMs;
    if (reachable > from) this.#options.onResult('skipped', (reachable - from) / MINUTE_MS);
    this.#readTo.set(symbol, reachable);
    if (reachable >= to) return;
    const range = { from: reachable, to };
    this.#running.add(symbol);
    this.#read(series, range)
      .catch((cause: unknown) => this.#fail(series, range, cause))
      .finally(() => this.#running.delete(symbol));
  }

  async #read(series: RereadSeries, range: TimeRange): Promise<void> {
    const candles = await this.#options.fetch(series.symbol, range);
    const changed = await series.takeAgain(candles);
    this.#failures = 0;
    const newest = candles.at(-1);
    if (newest) this.#readTo.set(series.symbol, newest.openTime);
    this.#options.onResult('changed', changed);
    this.#options.onResult('same', candles.length - changed);
  }

  /** While the exchange is away every read fails: one of a hundred in a row is logged. What the end of the process cuts off is none. */
  #fail({ symbol }: RereadSeries, range: TimeRange, cause: unknown): void {
    if (this.#isStopped) return;
    const { onResult, log } = this.#options;
    onResult('failed', (range.to - range.from) / MINUTE_MS);
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
