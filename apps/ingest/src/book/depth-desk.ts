import { DEPTH_LEVELS, type DepthUpdate, type InstrumentId, jitteredDelayMs, type LatestChannel } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { EXCHANGE_BACKOFF } from '../backoff.ts';
import type { DepthListener, DepthStreams, Exchange } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { repeat } from '../pause.ts';
import { isStopped } from '../retry.ts';
import { BookSync } from './book-sync.ts';
import type { DepthChange } from './order-book.ts';

/** What the desk needs. */
export interface DepthDeskOptions {
  readonly exchange: Pick<Exchange, 'clock' | 'openDepth' | 'fetchDepth'>;
  readonly latest: Pick<LatestChannel, 'publish' | 'subscribe'>;
  /** The symbol of an instrument that this process tracks. */
  readonly symbolOf: (id: InstrumentId) => string | undefined;
  /** Books that may be open at a time. */
  readonly maxBooks: number;
  readonly metrics: Pick<IngestMetrics, 'openBooks' | 'bookRestarts' | 'refusedBooks'>;
  readonly log: Logger;
}

/** Milliseconds of this machine's time. */
const TICK_MS = 1_000;
const REPEAT_MS = 5_000;
const LONGEST_WISH_MS = 120_000;
/** A book whose top moves on in another stream while it stands still for so long is behind. */
const BEHIND_MS = 10_000;

interface Kept {
  readonly id: InstrumentId;
  readonly symbol: string;
  readonly sync: BookSync;
  wantedUntilMs: number;
  isLinked: boolean;
  /** Changes with every loss of the stream: a snapshot that was asked for before is of no use. */
  generation: number;
  isFetching: boolean;
  attempts: number;
  fetchAtMs: number;
  told: { readonly updateId: number | null; readonly atMs: number } | undefined;
  topUpdateId: number;
  behind: { readonly updateId: number; readonly sinceMs: number } | undefined;
}

/** Keeps the books that somebody wants, and only those: wishes come over the latest-only channel and last for seconds. */
export class DepthDesk implements DepthListener {
  readonly #options: DepthDeskOptions;
  readonly #kept = new Map<string, Kept>();
  #streams: DepthStreams | undefined;

  constructor(options: DepthDeskOptions) {
    this.#options = options;
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { exchange, latest } = this.#options;
    this.#streams = exchange.openDepth(this);
    const tick = repeat(
      () => TICK_MS,
      signal,
      () => this.#tick(),
    );
    for await (const { value, topic } of latest.subscribe(['depth.wanted'], signal)) {
      if (topic === 'depth.wanted') this.#wish(value.instrumentId, value.forMs);
    }
    await tick;
    await this.#streams.close();
  }

  /** The top of an instrument's book as its own stream has it. */
  noteTop(symbol: string, updateId: number): void {
    const kept = this.#kept.get(symbol);
    if (kept) kept.topUpdateId = updateId;
  }

  onChange(symbol: string, change: DepthChange): void {
    const kept = this.#kept.get(symbol);
    const reason = kept?.sync.take(change);
    if (kept && reason) this.#noteRestart(kept, reason);
  }

  onLink(symbol: string, isUp: boolean): void {
    const kept = this.#kept.get(symbol);
    if (!kept) return;
    kept.isLinked = isUp;
    kept.generation += 1;
    const hadBook = kept.sync.book !== undefined;
    kept.sync.restart();
    if (hadBook) this.#noteRestart(kept, 'link');
    if (isUp) void this.#synchronise(kept);
  }

  #wish(id: InstrumentId, forMs: number): void {
    const { symbolOf, maxBooks, metrics } = this.#options;
    const symbol = symbolOf(id);
    // Whatever is not tracked here may be tracked by another process. Anybody may notify: the bounds are ours.
    if (symbol === undefined || !(forMs > 0)) return;
    const wantedUntilMs = performance.now() + Math.min(forMs, LONGEST_WISH_MS);
    const kept = this.#kept.get(symbol);
    if (kept) {
      kept.wantedUntilMs = Math.max(kept.wantedUntilMs, wantedUntilMs);
      return;
    }
    if (this.#kept.size >= maxBooks) {
      metrics.refusedBooks.inc();
      this.#publish(id, { state: 'REFUSED', reason: `${maxBooks} books are kept at a time, and as many are wanted already` });
      return;
    }
    const fresh = { isLinked: false, generation: 0, isFetching: false, attempts: 0, fetchAtMs: 0, topUpdateId: 0 };
    this.#kept.set(symbol, { id, symbol, sync: new BookSync(), wantedUntilMs, ...fresh, told: undefined, behind: undefined });
    metrics.openBooks.set(this.#kept.size);
    this.#streams?.add(symbol);
    this.#publish(id, { state: 'SYNCING', reason: null });
  }

  #tick(): void {
    const now = performance.now();
    for (const kept of this.#kept.values()) {
      if (now >= kept.wantedUntilMs || this.#options.symbolOf(kept.id) === undefined) this.#close(kept);
      else {
        this.#check(kept, now);
        if (kept.isLinked && !kept.sync.book && now >= kept.fetchAtMs) void this.#synchronise(kept);
        this.#tell(kept, now);
      }
    }
  }

  #close({ symbol }: Kept): void {
    this.#kept.delete(symbol);
    this.#options.metrics.openBooks.set(this.#kept.size);
    this.#streams?.remove(symbol);
  }

  /** What no single change shows: a book that is impossible, ends where the snapshot ended, or stands still while the market moves. */
  #check(kept: Kept, now: number): void {
    const { book } = kept.sync;
    if (!book) return;
    const reason = book.isCrossed ? 'crossed' : book.reaches(DEPTH_LEVELS) ? undefined : 'edge';
    if (reason) {
      kept.sync.restart();
      this.#noteRestart(kept, reason);
      return;
    }
    const { lastUpdateId } = book;
    if (kept.topUpdateId <= lastUpdateId) kept.behind = undefined;
    else if (kept.behind?.updateId !== lastUpdateId) kept.behind = { updateId: lastUpdateId, sinceMs: now };
    else if (now - kept.behind.sinceMs >= BEHIND_MS) {
      kept.behind = { updateId: lastUpdateId, sinceMs: now };
      this.#streams?.renew(`the book of ${kept.symbol} stands still while its top moves`);
    }
  }

  /** The stream runs: what it brings is kept until the snapshot is here. */
  async #synchronise(kept: Kept): Promise<void> {
    if (kept.isFetching) return;
    const { generation } = kept;
    kept.isFetching = true;
    try {
      const snapshot = await this.#options.exchange.fetchDepth(kept.symbol);
      if (generation !== kept.generation || kept.sync.book) return;
      if (kept.sync.offer(snapshot) === 'synced') {
        kept.attempts = 0;
        this.#tell(kept, performance.now());
        return;
      }
      this.#delay(kept);
    } catch (cause) {
      if (isStopped(cause)) return;
      this.#options.log.debug({ err: cause, instrument: kept.id }, 'no snapshot of the book yet');
      this.#delay(kept);
    } finally {
      kept.isFetching = false;
    }
  }

  #delay(kept: Kept): void {
    kept.fetchAtMs = performance.now() + TICK_MS + jitteredDelayMs(kept.attempts, EXCHANGE_BACKOFF, Math.random());
    kept.attempts += 1;
  }

  #noteRestart(kept: Kept, reason: string): void {
    this.#options.metrics.bookRestarts.inc({ reason });
    kept.told = undefined;
    this.#delay(kept);
    this.#tell(kept, performance.now());
  }

  #tell(kept: Kept, now: number): void {
    const { book } = kept.sync;
    const updateId = book?.lastUpdateId ?? null;
    if (kept.told?.updateId === updateId && now - kept.told.atMs < REPEAT_MS) return;
    kept.told = { updateId, atMs: now };
    if (!book) {
      this.#publish(kept.id, { state: 'SYNCING', reason: null });
      return;
    }
    const sides = { bids: book.best('bids', DEPTH_LEVELS), asks: book.best('asks', DEPTH_LEVELS) };
    this.#publish(kept.id, { state: 'LIVE', reason: null, updateId, ...sides });
  }

  #publish(id: InstrumentId, update: Pick<DepthUpdate, 'state' | 'reason'> & Partial<DepthUpdate>): void {
    const none = { updateId: null, bids: [], asks: [] };
    const value: DepthUpdate = { ...none, instrumentId: id, at: this.#options.exchange.clock.now(), ...update };
    this.#options.latest.publish({ topic: 'depth', key: id, value });
  }
}
