import { setMaxListeners } from 'node:events';
import { type CrewView, type LatestChannel, type LeaseOf, toInstrumentId, type Venue } from '@candlecast/domain';
import type { Logger, ReadinessCheck } from '@candlecast/telemetry';
import type { DumpHost } from './binance/dump-host.ts';
import { Collector } from './collect/collector.ts';
import type { SourceReading } from './collect/source-kind.ts';
import type { Source } from './collect/source-kinds.ts';
import { Crew } from './crew/crew.ts';
import { Duty } from './crew/duty.ts';
import { LeaseBook } from './crew/lease-book.ts';
import { LeaseFollower } from './crew/lease-follower.ts';
import { createHistoryDumps } from './dumps/history-dumps.ts';
import type { Exchange } from './exchange.ts';
import { Fleet } from './fleet.ts';
import type { IngestMetrics } from './health/metrics.ts';
import { type IngestStatus, readinessChecks, toStatus } from './health/status.ts';
import { createMarket, type MarketChoice } from './market.ts';
import { Monitor } from './monitor.ts';
import { createPatientExchange } from './patient-exchange.ts';
import { isStopped, stopped } from './retry.ts';
import { isRecording, type Wish } from './series/roster.ts';
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
  /** The exchange's archive of old candles; absent where there is none. */
  readonly dumpHost: DumpHost | undefined;
  /** Time between two audits, on the venue's clock. */
  readonly auditIntervalMs: number;
  /** What this process is called among those that ingest the venue, for people. */
  readonly name: string;
  /** The address under which the exchange sees this process: those with the same one share its request weight. */
  readonly address: string;
  readonly exchange: Exchange;
  /** Connects to the store, whose writers show the leases that `leaseOf` tells; tried until it works. */
  readonly connect: (leaseOf: LeaseOf) => Promise<IngestStore>;
  readonly latest: LatestChannel;
  readonly market: MarketChoice;
  /** Sources outside that are read at every quarter of an hour, and how; none when absent. */
  readonly collect?: {
    readonly sources: readonly Source[];
    readonly read: (source: Source, signal: AbortSignal) => Promise<SourceReading>;
  };
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

/** A running ingest. */
export interface Ingest {
  status(): IngestStatus;
  readonly checks: readonly ReadinessCheck[];
  /** Resolves after `close`; rejects with a failure that no other try can cure. */
  readonly done: Promise<void>;
  /** Stops at once and gives its instruments back: what is not committed will be fetched again. */
  close(): Promise<void>;
}

/** Starts at once and waits for database and exchange as long as it takes. */
export function startIngest(options: IngestOptions): Ingest {
  const { venue, exchange, metrics, log } = options;
  const stop = new AbortController();
  const { signal } = stop;
  // Every series waits on it.
  setMaxListeners(0, signal);
  let fatal: unknown;
  const onFatal = (cause: unknown) => {
    fatal ??= cause;
    stop.abort();
  };
  const book = new LeaseBook();
  const connect = () => options.connect(book.tokenOf);
  const { store, isAnswering } = createPatientStore({ connect, metrics, log, signal });
  const patience = createPatientExchange({ metrics, log, signal });
  const publisher = createFeedPublisher(venue, exchange.clock, options.latest);
  const progress = createProgressPublisher(options.latest, () => performance.now());
  const states = new StateWriter(store.stateWriter);
  const crew: Crew = new Crew({ book, log, report, onView });
  const duty: Duty = new Duty({
    ...{ venue, wish: options.wish, exchange, patience, store, log },
    memberId: () => (crew.hasDuty ? crew.view?.memberId : undefined),
    onChange: crew.beatNow,
  });
  const market = createMarket({ ...options.market, exchange, store, latest: options.latest, metrics, log });
  const queue = createCandleQueue({
    writer: store.candleWriter,
    now: () => exchange.clock.now(),
    onDepth: (depth) => metrics.queueDepth.set(depth),
  });
  const now = () => exchange.clock.now();
  const dumps =
    options.dumpHost && createHistoryDumps({ host: options.dumpHost, store, now, elapsedMs: () => performance.now(), metrics, log });
  const fleet: Fleet = new Fleet(
    {
      ...{ exchange, patience, store, queue, states, latest: options.latest, progress, market, metrics, log },
      ...{ historyDays: options.historyDays, auditIntervalMs: options.auditIntervalMs, dumps },
      firstGapReason: isRecording(venue) ? 'SOURCE_INCOMPLETE' : 'PENDING',
      mayPublish: () => crew.isFresh,
      onChange: () => monitor.notify(),
      onLeaseLost: crew.beatNow,
      onRefused: () => duty.listSoon(),
      onFatal,
    },
    signal,
  );
  const follower = new LeaseFollower(fleet);
  const monitor: Monitor = new Monitor({
    ...{ exchange, fleet, patience, publisher, progress, log, instrumentWriter: store.instrumentWriter },
    isRecording: isRecording(venue),
    view: () => crew.view,
    hasDuty: () => crew.hasDuty,
    onOwnState: crew.beatNow,
    onQuiet: () => duty.listSoon(),
  });
  const { collect = { sources: [], read: () => Promise.reject(stopped()) } } = options;
  const collector = new Collector({ ...collect, venue, store, holder: options.name, now, metrics, log });
  const instruments = () => [
    ...fleet.status(),
    ...duty.unlisted.map((symbol) => ({
      ...{ id: toInstrumentId(venue, symbol), state: 'FAILED' as const, reason: 'the exchange does not list it' },
      ...{ rowsDone: 0, rowsWanted: 0 },
    })),
  ];
  const done = run();

  return {
    status: () => toStatus(venue, publisher.status.state, instruments(), fleet.firstPart(), collector.status()),
    checks: readinessChecks({
      isDatabaseAnswering: isAnswering,
      isExchangeAnswering: patience.isAnswering,
      instruments: () => (follower.isSettled || duty.unlisted.length > 0 ? instruments() : undefined),
    }),
    done,
    async close() {
      stop.abort();
      await done.catch(() => undefined);
    },
  };

  async function run(): Promise<void> {
    try {
      // Only a process that reaches the exchange may take instruments from others.
      await patience.ask(() => exchange.clock.refresh(0));
      publisher.start();
      const { name, address } = options;
      const seat = await store.openSeat({ venue, name, address, onWake: () => duty.wake() });
      const feed = exchange.openFeed([], fleet);
      const parts = [
        ...[crew.run(seat, signal), duty.run(signal), follower.run(signal)],
        ...(collect.sources.length > 0 ? [collector.run(signal)] : []),
        ...[fleet.run(feed), monitor.run(feed, signal), states.run(signal), market.run(signal)],
      ];
      // None goes on without the others.
      await Promise.allSettled(parts.map((part) => part.finally(() => stop.abort())));
      await feed.close();
      await Promise.all(parts);
    } catch (cause) {
      if (!isStopped(cause)) fatal ??= cause;
    }
    if (fatal !== undefined) throw fatal;
  }

  function report() {
    const own = monitor.own;
    return { feedState: own?.state ?? null, feedDetail: own?.detail ?? null, blockedForMs: exchange.pausedForMs() };
  }

  function onView(view: CrewView): void {
    const neighbours = view.members.filter(({ address }) => address === options.address);
    exchange.setShare(1 / Math.max(1, neighbours.filter(({ isAlive }) => isAlive).length));
    exchange.pauseFor(Math.max(0, ...neighbours.filter(({ id }) => id !== view.memberId).map(({ blockedForMs }) => blockedForMs)));
    if (view.hasDuty) duty.noteDuty();
    follower.follow(view);
    monitor.notify();
  }
}
