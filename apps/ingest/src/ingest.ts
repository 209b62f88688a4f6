import { setMaxListeners } from 'node:events';
import { type EpochMs, type Instrument, type LatestChannel, toInstrumentId, type Venue } from '@candlecast/domain';
import type { Logger, ReadinessCheck } from '@candlecast/telemetry';
import type { Exchange } from './exchange.ts';
import { Fleet } from './fleet.ts';
import type { IngestMetrics } from './health/metrics.ts';
import { type IngestStatus, readinessChecks } from './health/status.ts';
import { createMarket, type MarketChoice } from './market.ts';
import { Monitor } from './monitor.ts';
import { createPatientExchange } from './patient-exchange.ts';
import { isStopped } from './retry.ts';
import { historyFloor, planHistory } from './series/plan-history.ts';
import { prepareSeries } from './series/prepare.ts';
import { drawRoster, isRecording, type Wish } from './series/roster.ts';
import { createCandleQueue } from './write/candle-queue.ts';
import { createFeedPublisher } from './write/feed-publisher.ts';
import { createPatientStore, type IngestStore } from './write/patient-store.ts';
import { createProgressPublisher } from './write/progress-publisher.ts';
import { StateWriter } from './write/state-writer.ts';

/** What ingest is made of. */
export interface IngestOptions {
  readonly venue: Venue;
  readonly wish: Wish;
  readonly historyDays: number | 'everything';
  /** Time between two audits, on the venue's clock. */
  readonly auditIntervalMs: number;
  readonly exchange: Exchange;
  /** Connects to the store; tried until it works. */
  readonly connect: () => Promise<IngestStore>;
  readonly latest: LatestChannel;
  readonly market: MarketChoice;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

/** A running ingest. */
export interface Ingest {
  status(): IngestStatus;
  readonly checks: readonly ReadinessCheck[];
  /** Resolves after `close`; rejects with a failure that no other try can cure. */
  readonly done: Promise<void>;
  /** Stops at once: what is not committed will be fetched again. */
  close(): Promise<void>;
}

/** Starts at once and waits for database and exchange as long as it takes. */
export function startIngest(options: IngestOptions): Ingest {
  const { venue, exchange, metrics, log } = options;
  const stop = new AbortController();
  const { signal } = stop;
  // Every series waits on it.
  setMaxListeners(0, signal);
  const { store, isAnswering } = createPatientStore({ connect: options.connect, metrics, log, signal });
  const patience = createPatientExchange({ metrics, log, signal });
  const publisher = createFeedPublisher(venue, exchange.clock, options.latest);
  const progress = createProgressPublisher(options.latest, () => performance.now());
  const states = new StateWriter(store.instrumentWriter);
  const market = createMarket({ ...options.market, exchange, store, latest: options.latest, metrics, log });
  let fatal: unknown;
  let hasMembers = false;
  const fleet: Fleet = new Fleet({
    exchange,
    patience,
    store,
    queue: createCandleQueue({
      writer: store.candleWriter,
      now: () => exchange.clock.now(),
      onDepth: (depth) => metrics.queueDepth.set(depth),
    }),
    states,
    latest: options.latest,
    progress,
    market,
    firstGapReason: isRecording(venue) ? 'SOURCE_INCOMPLETE' : 'PENDING',
    auditIntervalMs: options.auditIntervalMs,
    metrics,
    log,
    onChange: () => monitor.notify(),
    onFatal(cause) {
      fatal = cause;
      stop.abort();
    },
  });
  const monitor = new Monitor({ exchange, fleet, patience, publisher, progress, log, instrumentWriter: store.instrumentWriter });
  const done = run();

  return {
    status: () => ({ venue, feed: publisher.status.state, instruments: fleet.status() }),
    checks: readinessChecks({
      isDatabaseAnswering: isAnswering,
      isExchangeAnswering: patience.isAnswering,
      instruments: () => (hasMembers ? fleet.status() : undefined),
    }),
    done,
    async close() {
      stop.abort();
      await done.catch(() => undefined);
    },
  };

  async function run(): Promise<void> {
    try {
      await assemble();
      const feed = exchange.openFeed(fleet.symbols, fleet);
      const parts = [fleet.run(signal), monitor.run(feed, signal), states.run(signal), market.run(signal)];
      // None goes on without the others.
      await Promise.allSettled(parts.map((part) => part.finally(() => stop.abort())));
      await feed.close();
      await Promise.all(parts);
    } catch (cause) {
      if (!isStopped(cause)) fatal ??= cause;
    }
    if (fatal !== undefined) throw fatal;
  }

  async function assemble(): Promise<void> {
    const stored = await store.instruments.findInstruments(venue);
    await patience.ask(() => exchange.clock.refresh(0));
    publisher.start();
    await store.instrumentWriter.saveClock(exchange.clock.model());
    const listings = await patience.ask(() => exchange.fetchListings());
    const roster = drawRoster(options.wish, listings, stored);
    await store.instrumentWriter.upsertInstruments(roster.tracked.map(({ instrument }) => instrument));
    const known = new Map((await store.instruments.findInstruments(venue)).map((instrument) => [instrument.symbol, instrument]));
    for (const { id, state } of roster.released) {
      if (state !== 'PAUSED') states.set(id, 'PAUSED', 'no longer among the tracked instruments');
    }
    for (const { symbol, isKnown } of roster.unlisted) {
      const id = toInstrumentId(venue, symbol);
      const failure = { state: isKnown ? 'DELISTED' : 'FAILED', reason: 'the exchange does not list it' } as const;
      log.error({ instrument: id }, failure.reason);
      if (isKnown) states.set(id, failure.state, failure.reason);
      fleet.addFailed(id, symbol, failure);
    }
    for (const { instrument } of roster.tracked) {
      const joining = known.get(instrument.symbol);
      if (joining) await join(joining);
    }
    hasMembers = true;
  }

  async function join(instrument: Instrument): Promise<void> {
    const { id, symbol } = instrument;
    const now = exchange.clock.now();
    const prepared = await prepareSeries(store, instrument, now);
    const floor =
      options.historyDays === 'everything' ? await findBeginning(symbol, prepared.liveSince) : historyFloor(now, options.historyDays);
    fleet.add({ id, symbol, prepared, plan: planHistory(prepared.liveSince, floor) });
  }

  async function findBeginning(symbol: string, otherwise: EpochMs): Promise<EpochMs> {
    return (await patience.ask(() => exchange.findFirstOpenTime(symbol))) ?? otherwise;
  }
}
