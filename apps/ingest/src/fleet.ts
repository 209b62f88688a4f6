import {
  AppError,
  addMs,
  type CandleValues,
  type CommitResult,
  type GapReason,
  type InstrumentId,
  type LatestChannel,
  MINUTE_MS,
  type TimeRange,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { CandleUpdate, Exchange, FeedListener } from './exchange.ts';
import type { IngestMetrics } from './health/metrics.ts';
import type { InstrumentStatus } from './health/status.ts';
import type { Market } from './market.ts';
import type { PatientExchange } from './patient-exchange.ts';
import { repeat } from './pause.ts';
import { isStopped } from './retry.ts';
import { type AuditLoop, createAuditLoop } from './series/audit-loop.ts';
import { GapKeeper } from './series/gap-keeper.ts';
import { History } from './series/history.ts';
import type { HistoryPlan } from './series/plan-history.ts';
import { findMissing, type Prepared } from './series/prepare.ts';
import { Rereader } from './series/rereader.ts';
import { Series } from './series/series.ts';
import { stateOf, type Tracked } from './series/tracked.ts';
import type { CandleQueue } from './write/candle-queue.ts';
import type { IngestStore } from './write/patient-store.ts';
import type { ProgressPublisher } from './write/progress-publisher.ts';
import type { StateWriter } from './write/state-writer.ts';

/** What all series share. */
export interface FleetOptions {
  readonly exchange: Exchange;
  readonly patience: PatientExchange;
  readonly store: IngestStore;
  readonly queue: CandleQueue;
  readonly states: StateWriter;
  readonly latest: Pick<LatestChannel, 'publish'>;
  readonly progress: ProgressPublisher;
  readonly market: Market;
  /** What a hole is recorded as at first sight. */
  readonly firstGapReason: Extract<GapReason, 'PENDING' | 'SOURCE_INCOMPLETE'>;
  /** Time between two audits, on the venue's clock. */
  readonly auditIntervalMs: number;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
  /** Runs whenever the state of a series may have changed. */
  readonly onChange: () => void;
  /** Hears a failure with which no series can go on. */
  readonly onFatal: (cause: unknown) => void;
}

/** An instrument that joins the fleet, with where its series goes on and the history that is wanted of it. */
export interface Member {
  readonly id: InstrumentId;
  readonly symbol: string;
  readonly prepared: Prepared;
  readonly plan: HistoryPlan;
}

const GAP_SWEEP_WALL_MS = 1_000;
const PAGE = 1_000;

/** All tracked instruments: hears the feed for them, keeps their series and fetches their history. */
export class Fleet implements FeedListener {
  readonly #options: FleetOptions;
  readonly #tracked = new Map<string, Tracked & { readonly liveSince: number }>();
  readonly #unlinked = new Set<string>();
  readonly #gaps: GapKeeper;
  readonly #history: History;
  readonly #rereader: Rereader;
  readonly #audits: AuditLoop;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { store, exchange, patience, progress } = options;
    const now = () => exchange.clock.now();
    this.#gaps = new GapKeeper({
      firstReason: options.firstGapReason,
      now,
      elapsedMs: () => performance.now(),
      record: (id, range, reason) => this.#recordGap(id, range, reason),
      fetch: (id, range) => this.#fetchRange(id, range),
      commit: (id, candles) => this.#commitFound(id, candles),
      onFailure: (id, range, cause) => options.log.warn({ err: cause, instrument: id, ...range }, 'a hole could not be read again'),
    });
    this.#audits = createAuditLoop({
      ...options,
      clock: exchange.clock,
      intervalMs: options.auditIntervalMs,
      report: (id, hole) => this.#gaps.report(id, hole),
      retry: (id, gaps) =>
        this.#gaps.resume(
          id,
          gaps.map(({ from, to }) => ({ from, to, firstSeenAt: now() })),
        ),
    });
    this.#rereader = new Rereader({
      clock: exchange.clock,
      series: () => this.#working().flatMap(({ series }) => series ?? []),
      fetch: (symbol, range) => exchange.fetchCandles({ symbol, ...range, limit: 2, purpose: 'reread' }),
      onResult: (result, candles) => options.metrics.rereadCandles.inc({ result }, candles),
    });
    this.#history = new History({
      findMissing: (id, range) => findMissing(store, id, range),
      fetchBefore: (symbol, to, limit) => exchange.fetchCandles({ symbol, to, limit, purpose: 'history' }),
      findFirstOpenTime: (symbol) => exchange.findFirstOpenTime(symbol),
      ask: patience.ask,
      commit: (id, candles) => this.#commitHistory(id, candles),
      reportGap: (id, hole) => this.#gaps.report(id, hole),
      recordBeforeListing: (id, range) => this.#recordGap(id, range, 'BEFORE_LISTING'),
      onInitialComplete: (id) => this.#find(id)?.series?.setHistoryReady(),
      onProgress: (id, figures) => progress.note(id, figures),
      onFailure: (id, cause) => this.#giveUp(this.#find(id), cause),
    });
  }

  /** Takes an instrument in. */
  add({ id, symbol, prepared, plan }: Member): void {
    const { exchange, patience, queue, metrics } = this.#options;
    const tracked: Tracked & { liveSince: number } = {
      id,
      symbol,
      liveSince: prepared.liveSince,
      failure: undefined,
      series: new Series({
        symbol,
        tail: prepared.tail,
        clock: exchange.clock,
        ask: patience.ask,
        fetchCandles: exchange.fetchCandles,
        commit: async (candles) => this.#count('live', await queue.commit(id, candles)),
        reportGap: (hole) => this.#gaps.report(id, hole),
        onLateCloses: (count) => metrics.lateCloses.inc(count),
        onChange: () => this.#noteState(tracked),
      }),
    };
    this.#tracked.set(symbol, tracked);
    this.#unlinked.add(symbol);
    this.#gaps.resume(id, prepared.pending);
    this.#history.add({ instrumentId: id, symbol, plan });
    this.#audits.auditor.add(id, plan.floor);
    this.#options.market.add(id, symbol);
    this.#noteState(tracked);
  }

  /** Takes in an instrument that cannot be tracked, so that everybody sees why. */
  addFailed(id: InstrumentId, symbol: string, failure: NonNullable<Tracked['failure']>): void {
    this.#tracked.set(symbol, { id, symbol, series: undefined, failure, liveSince: Number.POSITIVE_INFINITY });
  }

  /** Symbols whose streams are wanted. */
  get symbols(): string[] {
    return this.#working().map(({ symbol }) => symbol);
  }

  /** Symbols whose streams do not run. */
  get unlinked(): string[] {
    return this.symbols.filter((symbol) => this.#unlinked.has(symbol));
  }

  /** Symbols whose series are not live, for another reason than their streams. */
  get behind(): string[] {
    return this.#working()
      .filter(({ symbol, series }) => !this.#unlinked.has(symbol) && !series?.isLive)
      .map(({ symbol }) => symbol);
  }

  /** How every instrument stands: rows of the first part of the history until all are live, then of the rest. */
  status(): InstrumentStatus[] {
    const isStarting = this.#working().some(({ series }) => !series?.isLive);
    return [...this.#tracked.values()].map((tracked) => {
      const progress = isStarting ? this.#history.initialProgressOf(tracked.id) : this.#history.progressOf(tracked.id);
      return { id: tracked.id, ...stateOf(tracked), rowsDone: progress?.rowsDone ?? 0, rowsWanted: progress?.rowsWanted ?? 0 };
    });
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const sweepGaps = () =>
      this.#gaps.sweep().catch((cause: unknown) => this.#options.log.warn({ err: cause }, 'holes could not be read again'));
    await Promise.all([
      ...this.#working().map((tracked) => tracked.series?.run(signal).catch((cause: unknown) => this.#giveUp(tracked, cause))),
      this.#history.run(signal),
      this.#rereader.run(signal),
      this.#audits.run(signal),
      repeat(() => GAP_SWEEP_WALL_MS, signal, sweepGaps),
    ]);
  }

  onCandle({ symbol, candle, isClosed, exchangeTime, receivedAt }: CandleUpdate): void {
    const tracked = this.#tracked.get(symbol);
    if (!tracked) return;
    if (isClosed) tracked.series?.takeClosed(candle);
    else
      this.#options.latest.publish({
        topic: 'candle.open',
        key: tracked.id,
        value: { instrumentId: tracked.id, candle, exchangeTime, receivedAt },
      });
  }

  onTopOfBook: FeedListener['onTopOfBook'] = (symbol, book) => {
    const tracked = this.#tracked.get(symbol);
    if (tracked) this.#options.market.takeBook(tracked.id, book);
  };

  onTrade: FeedListener['onTrade'] = (symbol, trade) => {
    const tracked = this.#tracked.get(symbol);
    if (tracked) this.#options.market.takeTrade(tracked.id, trade);
  };

  onLink(symbols: readonly string[], isUp: boolean): void {
    for (const symbol of symbols) {
      if (isUp) this.#unlinked.delete(symbol);
      else this.#unlinked.add(symbol);
      this.#tracked.get(symbol)?.series?.setLinked(isUp);
    }
    this.#options.onChange();
  }

  #working(): Tracked[] {
    return [...this.#tracked.values()].filter(({ failure }) => failure === undefined);
  }

  #find(id: InstrumentId): (Tracked & { readonly liveSince: number }) | undefined {
    return [...this.#tracked.values()].find((tracked) => tracked.id === id);
  }

  #noteState(tracked: Tracked): void {
    const { state, reason } = stateOf(tracked);
    this.#options.states.set(tracked.id, state, reason);
    this.#options.onChange();
  }

  #giveUp(tracked: Tracked | undefined, cause: unknown): void {
    if (!tracked || isStopped(cause)) return;
    if (cause instanceof AppError && cause.code === 'exchange_forbidden') {
      this.#options.onFatal(cause);
      return;
    }
    tracked.failure = { state: 'FAILED', reason: cause instanceof Error ? cause.message : String(cause) };
    this.#options.log.error({ err: cause, instrument: tracked.id }, 'series given up');
    this.#noteState(tracked);
  }

  async #recordGap(id: InstrumentId, range: TimeRange, reason: GapReason): Promise<void> {
    const { store, exchange, metrics } = this.#options;
    await store.candleWriter.recordGap(id, range, reason, exchange.clock.now());
    metrics.recordedGaps.inc({ reason });
  }

  /** Page by page up to an empty one: a short page is no proof that nothing follows. */
  async #fetchRange(id: InstrumentId, { from, to }: TimeRange): Promise<CandleValues[]> {
    const { exchange, patience } = this.#options;
    const symbol = this.#find(id)?.symbol;
    const found: CandleValues[] = [];
    for (let next = from; symbol !== undefined && next < to; ) {
      const page = await patience.askOnce(() => exchange.fetchCandles({ symbol, from: next, to, limit: PAGE, purpose: 'repair' }));
      const last = page.at(-1);
      if (!last) break;
      found.push(...page);
      next = addMs(last.openTime, MINUTE_MS);
    }
    return found;
  }

  /** A hole lies on one side of the first live candle: what is before that is history. */
  async #commitFound(id: InstrumentId, candles: readonly CandleValues[]): Promise<void> {
    const liveSince = this.#find(id)?.liveSince ?? Number.POSITIVE_INFINITY;
    if (candles.every(({ openTime }) => openTime >= liveSince)) this.#count('live', await this.#options.queue.commit(id, candles));
    else await this.#commitHistory(id, candles);
  }

  async #commitHistory(id: InstrumentId, candles: readonly CandleValues[]): Promise<void> {
    const { store, exchange } = this.#options;
    this.#count('history', await store.candleWriter.commitHistory({ instrumentId: id, candles }, exchange.clock.now()));
  }

  #count(path: 'live' | 'history', result: CommitResult): CommitResult {
    this.#options.metrics.committedCandles.inc({ path }, result.inserted);
    this.#options.metrics.correctedCandles.inc(result.corrected);
    return result;
  }
}
