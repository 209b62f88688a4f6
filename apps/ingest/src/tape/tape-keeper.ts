import type { EpochMs, InstrumentId, LatestChannel, Trade } from '@candlecast/domain';
import { AppError, addMs, DAY_MS } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { TradeRequest, TradeValues } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { repeat } from '../pause.ts';
import { isStopped } from '../retry.ts';
import { type TapeHole, TradeTape } from './trade-tape.ts';

/** Where trades are kept: without it they are only told, and what is missing is only counted. */
export interface TapeStore {
  /** Takes trades to be stored; never blocks. */
  put(trades: readonly Trade[]): void;
  /** Whether `count` more trades can be taken. */
  hasRoom(count: number): boolean;
  /** The newest stored trade before each of these, of its instrument and not before `since`. */
  findBefore(trades: readonly Trade[], since: EpochMs): Promise<Trade[]>;
}

/** What the keeper needs. */
export interface TapeKeeperOptions {
  readonly latest: Pick<LatestChannel, 'publish'>;
  readonly store: TapeStore | undefined;
  readonly fetchTrades: (request: TradeRequest) => Promise<TradeValues[]>;
  /** The venue's time. */
  readonly now: () => EpochMs;
  readonly metrics: Pick<IngestMetrics, 'missingTrades' | 'filledTrades' | 'lostTrades' | 'repeatedTrades'>;
  readonly log: Logger;
  readonly pace?: typeof PACE;
}

/** Trades of one instrument that are requested at most before older ones are given up: twenty requests of weight 4. */
const MOST_MISSING = 20_000;
const MOST_HOLES = 200;
const PAGE = 1_000;
/** Milliseconds of this machine's time. What is missing is left alone for `settleMs`: it may only be late. */
const PACE = { settleMs: 5_000, tryAgainMs: 30_000, sweepEveryMs: 1_000 };
/** How far back a tape is looked for that this one goes on with (venue's time). */
const JOIN_WITHIN_MS = DAY_MS;

interface Kept {
  readonly id: InstrumentId;
  readonly symbol: string;
  readonly tape: TradeTape;
  /** The first trade that came, until the tape is joined with the one that is stored. */
  first: Trade | undefined;
  isJoined: boolean;
  dueAtMs: number;
}

/**
 * The tapes of all instruments: tells trades to subscribers as they come, hands them to the store once each, and fills what the stream
 * passed over by requests that come after everything else. Nothing depends on it, so it gives up what would cost too much.
 */
export class TapeKeeper {
  readonly #options: TapeKeeperOptions;
  readonly #pace: typeof PACE;
  readonly #kept = new Map<InstrumentId, Kept>();

  constructor(options: TapeKeeperOptions) {
    this.#options = options;
    this.#pace = options.pace ?? PACE;
  }

  /** Takes an instrument in. */
  add(id: InstrumentId, symbol: string): void {
    this.#kept.set(id, { id, symbol, tape: new TradeTape(), first: undefined, isJoined: false, dueAtMs: 0 });
  }

  remove(id: InstrumentId): void {
    this.#kept.delete(id);
  }

  /** Takes a trade from the stream. */
  take(id: InstrumentId, trade: TradeValues): void {
    const { latest, store, metrics } = this.#options;
    const kept = this.#kept.get(id);
    if (!kept) return;
    const { verdict, hole } = kept.tape.take(trade.aggTradeId);
    if (verdict === 'repeated') {
      metrics.repeatedTrades.inc();
      return;
    }
    if (!kept.isJoined) kept.first ??= { instrumentId: id, ...trade };
    if (verdict === 'missed') metrics.filledTrades.inc();
    else latest.publish({ topic: 'trades', key: id, value: { instrumentId: id, trades: [trade], leftOut: 0 } });
    if (hole) this.#noteHole(kept, hole);
    store?.put([{ instrumentId: id, ...trade }]);
  }

  /** These were taken, and were lost before they were stored. */
  reopen(trades: readonly Trade[]): void {
    for (const { instrumentId, aggTradeId } of trades) {
      const kept = this.#kept.get(instrumentId);
      if (!kept) continue;
      kept.tape.reopen(aggTradeId);
      this.#options.metrics.missingTrades.inc();
      this.#limit(kept);
      kept.dueAtMs = performance.now() + this.#pace.tryAgainMs;
    }
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { store, log } = this.#options;
    if (!store) return;
    let isMoving = false;
    const sweep = async () => {
      isMoving = false;
      await this.#join(store);
      // A page of each in turn; what is left comes with the next sweep, at once.
      for (const kept of this.#kept.values()) {
        if (signal.aborted) return;
        if (performance.now() >= kept.dueAtMs && (await this.#fill(kept, store))) isMoving = true;
      }
    };
    const onFailure = (cause: unknown) => {
      if (!isStopped(cause)) log.warn({ err: cause }, 'the tapes of trades could not be completed');
    };
    await repeat(
      () => (isMoving ? 0 : this.#pace.sweepEveryMs),
      signal,
      () => sweep().catch(onFailure),
    );
  }

  /** A tape goes on with the one that is stored: what came in between, while nobody listened, is missing. */
  async #join(store: TapeStore): Promise<void> {
    const joining = [...this.#kept.values()].filter(({ isJoined, first }) => !isJoined && first !== undefined);
    if (joining.length === 0) return;
    const firsts = joining.flatMap(({ first }) => first ?? []);
    const stored = await store.findBefore(firsts, addMs(this.#options.now(), -JOIN_WITHIN_MS));
    const newest = new Map(stored.map(({ instrumentId, aggTradeId }) => [instrumentId, aggTradeId]));
    for (const kept of joining) {
      kept.isJoined = true;
      kept.first = undefined;
      const storedId = newest.get(kept.id);
      const hole = storedId === undefined ? undefined : kept.tape.join(storedId);
      if (hole) this.#noteHole(kept, hole);
    }
  }

  #noteHole(kept: Kept, { from, to }: TapeHole): void {
    this.#options.metrics.missingTrades.inc(to - from + 1);
    this.#limit(kept);
    kept.dueAtMs = Math.max(kept.dueAtMs, performance.now() + this.#pace.settleMs);
  }

  /** Gives up the oldest of what is missing when it is too much. */
  #limit({ tape }: Kept): void {
    let over = tape.holes.reduce((sum, { from, to }) => sum + to - from + 1, 0) - MOST_MISSING;
    while (over > 0 || tape.holes.length > MOST_HOLES) {
      const [oldest] = tape.holes;
      if (!oldest) return;
      const to = over > 0 ? Math.min(oldest.to, oldest.from + over - 1) : oldest.to;
      const closed = tape.close(oldest.from, to);
      this.#options.metrics.lostTrades.inc({ reason: 'too_many' }, closed);
      over -= closed;
    }
  }

  /** Requests one page of the oldest hole; returns whether it was answered. */
  async #fill(kept: Kept, store: TapeStore): Promise<boolean> {
    const { fetchTrades, metrics, log } = this.#options;
    const { tape, symbol, id } = kept;
    const [hole] = tape.holes;
    if (!hole || !store.hasRoom(PAGE)) return false;
    try {
      const rows = await fetchTrades({ symbol, fromId: hole.from, limit: Math.min(PAGE, hole.to - hole.from + 1) });
      const found = rows.filter(({ aggTradeId }) => tape.close(aggTradeId, aggTradeId) > 0);
      metrics.filledTrades.inc(found.length);
      store.put(found.map((trade) => ({ instrumentId: id, ...trade })));
      // The exchange counts without a hole: what it passes over it does not have.
      const until = Math.min(rows.at(-1)?.aggTradeId ?? hole.to, hole.to);
      metrics.lostTrades.inc({ reason: 'unknown' }, tape.close(hole.from, until));
      return true;
    } catch (cause) {
      if (isStopped(cause)) return false;
      log.debug({ err: cause, instrument: id }, 'trades that are missing could not be requested');
      kept.dueAtMs = performance.now() + this.#pace.tryAgainMs;
      if (!(cause instanceof AppError && cause.retryable)) metrics.lostTrades.inc({ reason: 'refused' }, tape.close(hole.from, hole.to));
      return false;
    }
  }
}
