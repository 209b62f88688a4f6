import type { CrewView, FeedState, InstrumentWriter, VenueClock } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { Exchange, Feed } from './exchange.ts';
import type { Fleet } from './fleet.ts';
import type { PatientExchange } from './patient-exchange.ts';
import { repeat } from './pause.ts';
import { isStopped } from './retry.ts';
import { combineFeeds, describeFeed } from './series/feed-state.ts';
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
  /** The source is a recording, which ends. */
  readonly isRecording: boolean;
  /** How the processes of the venue stand; undefined before that is known. */
  readonly view: () => CrewView | undefined;
  /** This process speaks for the venue. */
  readonly hasDuty: () => boolean;
  /** The state of this process's part has changed: the others should hear of it. */
  readonly onOwnState: () => void;
  /** Nothing comes any more: the exchange's list may say why. */
  readonly onQuiet: () => void;
}

/** What this process says of its part of the feed. */
export interface OwnFeed {
  readonly state: FeedState;
  readonly detail: string | null;
}

/** Milliseconds of this machine's time between two looks, when nothing calls for one before. */
const LOOK_EVERY_MS = 500;
const PUBLISH_PROGRESS_EVERY_MS = 500;
const REPEAT_STATUS_EVERY_MS = 5_000;
const READ_CLOCK_EVERY_MS = 2_000;
const SAVE_CLOCK_EVERY_MS = 10_000;
const LOOK_FOR_QUIET_EVERY_MS = 1_000;
const ASK_ABOUT_QUIET_EVERY_MS = 10_000;

/** Watches the feed: tells its state, and keeps the venue's clock in the store. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #wakeUp = new WakeUp();
  #hasConnected = false;
  #own: OwnFeed = { state: 'CONNECTING', detail: null };
  #askedAboutQuietAtMs = Number.NEGATIVE_INFINITY;
  #saved: { readonly model: VenueClock; readonly atMs: number } | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /** The state of this process's part, or undefined when it has none. */
  get own(): OwnFeed | undefined {
    return this.#options.fleet.symbols.length > 0 ? this.#own : undefined;
  }

  /** Something changed: the state is told anew, soon. */
  notify(): void {
    this.#wakeUp.notify();
  }

  /** Runs until `signal` aborts. */
  async run(feed: Feed, signal: AbortSignal): Promise<void> {
    const { publisher, progress, hasDuty } = this.#options;
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
        () => {
          if (hasDuty()) publisher.repeat();
        },
      ),
      repeat(
        () => READ_CLOCK_EVERY_MS,
        signal,
        unlessStopped(() => this.#keepClock()),
      ),
      repeat(
        () => LOOK_FOR_QUIET_EVERY_MS,
        signal,
        () => this.#lookForQuiet(feed),
      ),
    ]);
  }

  async #tell(feed: Feed, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#look(feed);
      await this.#wakeUp.wait(LOOK_EVERY_MS, signal);
    }
  }

  #look(feed: Feed): void {
    const { fleet, publisher, log, view, hasDuty, isRecording, onOwnState } = this.#options;
    const known = view();
    if (!known) return;
    const { unlinked, joining } = fleet;
    const hasPart = fleet.symbols.length > 0;
    this.#hasConnected ||= hasPart && unlinked.length + joining.length === 0;
    const own = describeFeed({
      hasConnected: this.#hasConnected,
      joining,
      unlinked,
      stalled: feed.stalledSymbols(),
      behind: fleet.behind,
      hasEnded: isRecording && fleet.isAtRest,
    });
    const isNews = own.state !== this.#own.state;
    this.#own = own;
    if (isNews && hasPart) {
      log.info({ detail: own.detail }, `feed is ${own.state}`);
      onOwnState();
    }
    const { state, detail } = combineFeeds(hasPart ? own : undefined, known);
    publisher.set(state, detail, hasDuty());
  }

  async #keepClock(): Promise<void> {
    const { exchange, patience, instrumentWriter, hasDuty } = this.#options;
    await patience.ask(() => exchange.clock.refresh(0));
    const model = exchange.clock.model();
    const atMs = performance.now();
    if (!hasDuty() || (this.#saved?.model === model && atMs - this.#saved.atMs < SAVE_CLOCK_EVERY_MS)) return;
    await instrumentWriter.saveClock(model);
    this.#saved = { model, atMs };
  }

  /** Silence alone says nothing: the exchange may have stopped, or said that pairs do not trade. */
  #lookForQuiet(feed: Feed): void {
    const { exchange, fleet, onQuiet } = this.#options;
    const { length } = fleet.symbols;
    const isQuiet = exchange.clock.isStanding() || feed.silentSymbols().length === length;
    if (length === 0 || !isQuiet || fleet.isAtRest || performance.now() - this.#askedAboutQuietAtMs < ASK_ABOUT_QUIET_EVERY_MS) return;
    this.#askedAboutQuietAtMs = performance.now();
    onQuiet();
  }
}

function unlessStopped(work: () => Promise<void>): () => Promise<void> {
  return () =>
    work().catch((cause: unknown) => {
      if (!isStopped(cause)) throw cause;
    });
}
