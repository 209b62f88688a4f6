import type { InstrumentWriter, VenueClock } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { Exchange, Feed } from './exchange.ts';
import type { Fleet } from './fleet.ts';
import type { PatientExchange } from './patient-exchange.ts';
import { repeat } from './pause.ts';
import { isStopped } from './retry.ts';
import { describeFeed } from './series/feed-state.ts';
import { WakeUp } from './wake-up.ts';
import type { FeedPublisher } from './write/feed-publisher.ts';
import type { ProgressPublisher } from './write/progress-publisher.ts';

/** What the monitor watches and what it tells. */
export interface MonitorOptions {
  readonly exchange: Exchange;
  readonly fleet: Fleet;
  readonly patience: PatientExchange;
  readonly publisher: FeedPublisher;
  readonly progress: ProgressPublisher;
  readonly log: Logger;
  readonly instrumentWriter: Pick<InstrumentWriter, 'saveClock'>;
}

/** Milliseconds of this machine's time between two looks, when nothing calls for one before. */
const LOOK_EVERY_MS = 500;
const PUBLISH_PROGRESS_EVERY_MS = 500;
const REPEAT_STATUS_EVERY_MS = 5_000;
const READ_CLOCK_EVERY_MS = 2_000;
const SAVE_CLOCK_EVERY_MS = 10_000;
const LOOK_FOR_END_EVERY_MS = 1_000;
const ASK_FOR_END_EVERY_MS = 10_000;

/** Watches the feed as a whole: tells its state, keeps the venue's clock in the store, and notices that a recording is over. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #wakeUp = new WakeUp();
  #hasConnected = false;
  #hasEnded = false;
  #askedForEndAtMs = Number.NEGATIVE_INFINITY;
  #saved: { readonly model: VenueClock; readonly atMs: number } | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /** Something changed: the state is told anew, soon. */
  notify(): void {
    this.#wakeUp.notify();
  }

  /** Runs until `signal` aborts. */
  async run(feed: Feed, signal: AbortSignal): Promise<void> {
    const { publisher, progress } = this.#options;
    await Promise.all([
      this.#tell(feed, signal),
      repeat(
        () => PUBLISH_PROGRESS_EVERY_MS,
        signal,
        () => progress.flush(),
      ),
      repeat(
        () => REPEAT_STATUS_EVERY_MS,
        signal,
        () => publisher.repeat(),
      ),
      repeat(
        () => READ_CLOCK_EVERY_MS,
        signal,
        unlessStopped(() => this.#keepClock()),
      ),
      repeat(
        () => LOOK_FOR_END_EVERY_MS,
        signal,
        unlessStopped(() => this.#lookForEnd(feed)),
      ),
    ]);
  }

  async #tell(feed: Feed, signal: AbortSignal): Promise<void> {
    const { fleet, publisher, log } = this.#options;
    while (!signal.aborted) {
      const unlinked = fleet.unlinked;
      this.#hasConnected ||= unlinked.length === 0;
      const { state, detail } = describeFeed({
        hasConnected: this.#hasConnected,
        unlinked,
        stalled: feed.stalledSymbols(),
        behind: fleet.behind,
        hasEnded: this.#hasEnded,
      });
      if (state !== publisher.status.state) log.info({ detail }, `feed is ${state}`);
      publisher.set(state, detail);
      await this.#wakeUp.wait(LOOK_EVERY_MS, signal);
    }
  }

  async #keepClock(): Promise<void> {
    const { exchange, patience, instrumentWriter } = this.#options;
    await patience.ask(() => exchange.clock.refresh(0));
    const model = exchange.clock.model();
    const atMs = performance.now();
    if (this.#saved?.model === model && atMs - this.#saved.atMs < SAVE_CLOCK_EVERY_MS) return;
    await instrumentWriter.saveClock(model);
    this.#saved = { model, atMs };
  }

  /** Silence alone is no end: only when the exchange says of no tracked pair that it is trading. */
  async #lookForEnd(feed: Feed): Promise<void> {
    const { exchange, fleet, patience } = this.#options;
    const symbols = fleet.symbols;
    const isQuiet = exchange.clock.isStanding() || feed.silentSymbols().length === symbols.length;
    if (symbols.length === 0 || !isQuiet) {
      this.#hasEnded = false;
      return;
    }
    if (performance.now() - this.#askedForEndAtMs < ASK_FOR_END_EVERY_MS) return;
    this.#askedForEndAtMs = performance.now();
    const listings = await patience.ask(() => exchange.fetchListings());
    this.#hasEnded = !listings.some(({ isTrading, instrument }) => isTrading && symbols.includes(instrument.symbol));
    this.notify();
  }
}

function unlessStopped(work: () => Promise<void>): () => Promise<void> {
  return () =>
    work().catch((cause: unknown) => {
      if (!isStopped(cause)) throw cause;
    });
}
