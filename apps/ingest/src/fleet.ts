import {
  AppError,
  type EpochMs,
  type InstrumentId,
  type LatestChannel,
  type Lease,
  LeaseLostError,
  splitInstrumentId,
  type TimeRange,
} from '@candlecast/domain';
import { type Background, type BackgroundOptions, createBackground } from './background.ts';
import type { CandleUpdate, Feed, FeedListener } from './exchange.ts';
import type { FirstPart, InstrumentStatus } from './health/status.ts';
import type { Market } from './market.ts';
import { isStopped } from './retry.ts';
import { historyFloor, planHistory } from './series/plan-history.ts';
import { type Prepared, prepareAll } from './series/prepare.ts';
import { Series } from './series/series.ts';
import { canGoOn, isAtRest, isUnlistedHole, stateOf, type Tracked } from './series/tracked.ts';
import { Turns } from './series/turns.ts';
import { type CandleCommits, createCandleCommits } from './write/candle-commits.ts';
import type { StateWriter } from './write/state-writer.ts';

/** What all series share. */
export interface FleetOptions extends BackgroundOptions {
  readonly states: StateWriter;
  readonly latest: Pick<LatestChannel, 'publish'>;
  readonly market: Market;
  readonly historyDays: number | 'everything';
  /** This process may speak for its instruments. */
  readonly mayPublish: () => boolean;
  /** Runs whenever the state of a series may have changed. */
  readonly onChange: () => void;
  /** Another process keeps an instrument that this one worked for. */
  readonly onLeaseLost: () => void;
  /** The exchange refuses a pair: its list may say why. */
  readonly onRefused: () => void;
  /** Hears a failure with which no series can go on. */
  readonly onFatal: (cause: unknown) => void;
}

/** Requests of growing ends under way at one time: where many closes are late, most come over the stream before their turn. */
const REQUESTS_AT_ONCE = 20;
const NEVER = Number.POSITIVE_INFINITY as EpochMs;

/** The instruments that this process keeps: hears the feed for them, keeps their series and fetches their history. */
export class Fleet implements FeedListener {
  readonly #options: FleetOptions;
  readonly #tracked = new Map<string, Tracked>();
  readonly #commits: CandleCommits;
  readonly #background: Background;
  readonly #signal: AbortSignal;
  readonly #turns = new Turns(REQUESTS_AT_ONCE);
  #feed: Feed | undefined;

  constructor(options: FleetOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#commits = createCandleCommits(options);
    this.#background = createBackground(options, this.#commits, {
      find: (id) => this.#find(id),
      working: () => this.#working(),
      giveUp: (tracked, cause) => this.#giveUp(tracked, cause),
    });
  }

  /** Makes the instruments exactly those of the leases: gives up what is no longer there, takes in what is new, hears the exchange's words. */
  async keep(leases: readonly Lease[]): Promise<void> {
    const { store, exchange } = this.#options;
    const leaving = this.#changeWords(new Map(leases.map((lease) => [lease.instrumentId, lease])));
    if (leaving.length > 0) this.#remove(leaving);
    const joining = leases.filter(({ instrumentId }) => !this.#find(instrumentId));
    const running = joining.filter(({ exchangeStatus }) => exchangeStatus !== null);
    for (const lease of joining) if (lease.exchangeStatus === null) this.#add(lease, undefined);
    if (running.length === 0) return;
    const ids = running.map(({ instrumentId }) => instrumentId);
    const prepared = await prepareAll(store, ids, exchange.clock.now());
    for (const lease of running) this.#add(lease, prepared.get(lease.instrumentId));
    this.#feed?.add(ids.map((id) => splitInstrumentId(id).symbol));
  }

  /** Symbols whose streams are wanted. */
  get symbols(): string[] {
    return this.#symbolsWhere(() => true);
  }

  /** Symbols whose streams have never run yet. */
  get joining(): string[] {
    return this.#symbolsWhere(({ link }) => link === 'joining');
  }

  /** Symbols whose streams ran, and do not now. */
  get unlinked(): string[] {
    return this.#symbolsWhere(({ link }) => link === 'lost');
  }

  /** Symbols whose series are not live, for another reason than their streams. */
  get behind(): string[] {
    return this.#symbolsWhere(({ link, series }) => link === 'up' && !series?.isLive);
  }

  /** The exchange says of none of the pairs that it trades. */
  get isAtRest(): boolean {
    const working = this.#working();
    return working.length > 0 && working.every(isAtRest);
  }

  /** How every instrument stands: rows of the first part of the history until all are live, then of the rest. */
  status(): InstrumentStatus[] {
    const isStarting = this.#working().some(({ series }) => !series?.isLive);
    return [...this.#tracked.values()].map((tracked) => {
      const progress = isStarting
        ? this.#background.history.initialProgressOf(tracked.id)
        : this.#background.history.progressOf(tracked.id);
      return { id: tracked.id, ...stateOf(tracked), rowsDone: progress?.rowsDone ?? 0, rowsWanted: progress?.rowsWanted ?? 0 };
    });
  }

  /** Rows of the first part of the history over all instruments. */
  firstPart(): FirstPart {
    return this.#background.history.initialTotal();
  }

  /** Runs until the signal of the fleet aborts, over a feed that hears for it. */
  async run(feed: Feed): Promise<void> {
    this.#feed = feed;
    feed.add(this.symbols);
    await this.#background.run(this.#signal);
    for (const { stop } of this.#tracked.values()) stop.abort();
  }

  onCandle({ symbol, candle, isClosed, exchangeTime, receivedAt }: CandleUpdate): void {
    const tracked = this.#tracked.get(symbol);
    if (!tracked) return;
    if (isClosed) tracked.series?.takeClosed(candle);
    else if (this.#options.mayPublish()) {
      const value = { instrumentId: tracked.id, candle, exchangeTime, receivedAt };
      this.#options.latest.publish({ topic: 'candle.open', key: tracked.id, value });
    }
  }

  onTopOfBook: FeedListener['onTopOfBook'] = (symbol, book) => {
    const id = this.#tracked.get(symbol)?.id;
    if (id && this.#options.mayPublish()) this.#options.market.takeBook(id, book);
  };

  onTrade: FeedListener['onTrade'] = (symbol, trade) => {
    const id = this.#tracked.get(symbol)?.id;
    if (id) this.#options.market.takeTrade(id, trade);
  };

  onLink(symbols: readonly string[], isUp: boolean): void {
    for (const symbol of symbols) {
      const tracked = this.#tracked.get(symbol);
      if (!tracked) continue;
      if (isUp) tracked.link = 'up';
      else if (tracked.link === 'up') tracked.link = 'lost';
      tracked.series?.setLinked(isUp);
    }
    this.#options.onChange();
  }

  #add(lease: Lease, prepared: Prepared | undefined): void {
    const { exchange, patience, metrics } = this.#options;
    const { instrumentId: id } = lease;
    const { symbol } = splitInstrumentId(id);
    const series =
      prepared &&
      new Series({
        symbol,
        tail: prepared.tail,
        clock: exchange.clock,
        ask: patience.ask,
        fetchCandles: exchange.fetchCandles,
        inTurn: this.#turns.take,
        commit: (candles) => this.#commits.live(id, candles),
        reportGap: (hole) => this.#reportGap(tracked, hole),
        onLateCloses: (count) => metrics.lateCloses.inc(count),
        onChange: () => this.#noteState(tracked),
      });
    const liveSince = prepared?.liveSince ?? NEVER;
    const tracked: Tracked = { id, symbol, lease, series, liveSince, link: 'joining', failure: undefined, stop: new AbortController() };
    this.#tracked.set(symbol, tracked);
    this.#noteState(tracked);
    if (!prepared || !series) return;
    this.#background.gaps.resume(id, prepared.pending);
    this.#options.market.add(id, symbol);
    void series.run(tracked.stop.signal).catch((cause: unknown) => this.#giveUp(tracked, cause));
    void this.#planHistory(tracked).catch((cause: unknown) => this.#giveUp(tracked, cause));
  }

  async #planHistory(tracked: Tracked): Promise<void> {
    const { historyDays, exchange, patience } = this.#options;
    const { id, symbol, liveSince } = tracked;
    const floor =
      historyDays === 'everything'
        ? ((await patience.ask(() => exchange.findFirstOpenTime(symbol))) ?? liveSince)
        : historyFloor(exchange.clock.now(), historyDays);
    if (this.#tracked.get(symbol) !== tracked) return;
    const plan = planHistory(liveSince, floor);
    this.#background.history.add({ instrumentId: id, symbol, plan });
    this.#background.audits.auditor.add(id, plan.floor);
  }

  /** Takes over what the exchange says now, and returns the symbols that cannot go on as they are. */
  #changeWords(leases: ReadonlyMap<InstrumentId, Lease>): string[] {
    const leaving: string[] = [];
    for (const tracked of this.#tracked.values()) {
      const lease = leases.get(tracked.id);
      if (!lease || !canGoOn(tracked, lease)) leaving.push(tracked.symbol);
      else if (lease.exchangeStatus !== tracked.lease?.exchangeStatus) {
        tracked.lease = lease;
        this.#noteState(tracked);
      }
    }
    return leaving;
  }

  #remove(symbols: readonly string[]): void {
    this.#feed?.remove(symbols);
    for (const symbol of symbols) {
      const tracked = this.#tracked.get(symbol);
      if (!tracked) continue;
      this.#tracked.delete(symbol);
      tracked.stop.abort();
      this.#background.forget(tracked.id);
      this.#options.market.remove(tracked.id);
      this.#options.states.forget(tracked.id);
    }
    this.#options.onChange();
  }

  #symbolsWhere(isMeant: (tracked: Tracked) => boolean): string[] {
    return this.#working()
      .filter(isMeant)
      .map(({ symbol }) => symbol);
  }

  #working(): Tracked[] {
    return [...this.#tracked.values()].filter(({ failure, series }) => failure === undefined && series !== undefined);
  }

  #find(id: InstrumentId): Tracked | undefined {
    return this.#tracked.get(splitInstrumentId(id).symbol);
  }

  #noteState(tracked: Tracked): void {
    if (this.#tracked.get(tracked.symbol) !== tracked) return;
    const { state, reason } = stateOf(tracked);
    this.#options.states.set(tracked.id, state, reason);
    this.#options.onChange();
  }

  #giveUp(tracked: Tracked | undefined, cause: unknown): void {
    const { log, onFatal, onLeaseLost, onRefused } = this.#options;
    if (!tracked || isStopped(cause) || this.#tracked.get(tracked.symbol) !== tracked) return;
    if (cause instanceof LeaseLostError) {
      // Whatever the next look at the leases says, it begins anew.
      tracked.lease = undefined;
      onLeaseLost();
      return;
    }
    if (cause instanceof AppError && cause.code === 'exchange_forbidden') {
      onFatal(cause);
      return;
    }
    if (cause instanceof AppError && cause.code === 'exchange_refused') onRefused();
    tracked.failure = { state: 'FAILED', reason: cause instanceof Error ? cause.message : String(cause) };
    log.error({ err: cause, instrument: tracked.id }, 'series given up');
    this.#noteState(tracked);
  }

  async #reportGap(tracked: Tracked, hole: TimeRange): Promise<void> {
    if (isUnlistedHole(tracked, hole)) await this.#commits.gap(tracked.id, hole, 'DELISTED');
    else await this.#background.gaps.report(tracked.id, hole);
  }
}
