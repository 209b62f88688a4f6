import {
  addMs,
  type Clock,
  clockOfVenue,
  type EventLog,
  type Forecast,
  type InstrumentId,
  type InstrumentReader,
  MINUTE_MS,
  splitInstrumentId,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { keepTrying, type Patience } from '../keep-trying.ts';
import { createCloseQueue } from './close-queue.ts';
import type { HistoryKeeper } from './history-keeper.ts';
import type { ServeMetrics } from './metrics.ts';

/** What serving needs of the world. */
export interface ServePorts {
  readonly log: Pick<EventLog, 'head' | 'follow'>;
  readonly instruments: Pick<InstrumentReader, 'findInstruments' | 'findClock'>;
  readonly histories: HistoryKeeper;
  /** Makes and stores the forecasts of these instruments' newest closes. */
  readonly issue: (ids: readonly InstrumentId[]) => Promise<Forecast[]>;
  readonly clock: Clock;
  readonly metrics: Pick<ServeMetrics, 'skippedCloses' | 'failures'>;
  readonly logger: Logger;
}

export interface ServeOptions {
  readonly venue: Venue;
  readonly deadlineMs: number;
  readonly patience: Patience;
}

/** Serves forecasts until it is told to stop. */
export interface CloseServer {
  /**
   * Follows the log and has the forecasts of every closed minute of the venue issued, until `signal` aborts. Reading and issuing go side
   * by side: what closes while a batch is in work forms the next one, and of closes that pile up only the newest of each instrument
   * is served. A database that is away delays the work and never ends it.
   */
  run(signal: AbortSignal): Promise<void>;
  /** What keeps forecasts from being stored at present; null when nothing does. */
  trouble(): string | null;
}

const SKIP_REPORT_MS = MINUTE_MS;

/** Returns a server that has not begun. */
export function createCloseServer(ports: ServePorts, { venue, deadlineMs, patience }: ServeOptions): CloseServer {
  const { log, instruments, histories, clock, metrics, logger } = ports;
  const queue = createCloseQueue();
  const skips = { count: 0, reportedAt: clock.now() };
  const troubles = new Map<'following the log' | 'issuing forecasts', string>();

  function offer(id: InstrumentId): void {
    if (!queue.offer(id)) return;
    metrics.skippedCloses.inc();
    skips.count++;
    if (clock.now() - skips.reportedAt < SKIP_REPORT_MS) return;
    logger.warn({ skipped: skips.count }, 'closes come faster than forecasts: only the newest of each instrument is served');
    skips.count = 0;
    skips.reportedAt = clock.now();
  }

  async function read(signal: AbortSignal): Promise<void> {
    histories.clear();
    const head = await log.head();
    await catchUp();
    troubles.delete('following the log');
    for await (const event of log.follow(head, signal)) {
      if (splitInstrumentId(event.key as InstrumentId).venue !== venue) continue;
      const closed = await histories.take(event);
      if (closed) offer(closed);
    }
  }

  /** Loads the live series, and serves a close that is still on time: after a quick restart none is missing. */
  async function catchUp(): Promise<void> {
    const venueClock = await instruments.findClock(venue);
    for (const { id, state, watermark } of await instruments.findInstruments(venue)) {
      if (state !== 'LIVE' || watermark === null) continue;
      await histories.load(id, addMs(watermark, MINUTE_MS));
      const history = histories.find(id);
      if (history && venueClock && clockOfVenue(venueClock, clock).now() <= history.asOf + deadlineMs) offer(id);
    }
  }

  async function issueAll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ids = await queue.take(signal);
      if (ids.length === 0) continue;
      await issueOrPutBack(ids);
      troubles.delete('issuing forecasts');
    }
  }

  /** A batch that failed waits in the queue, where a newer close replaces it. */
  async function issueOrPutBack(ids: readonly InstrumentId[]): Promise<void> {
    try {
      await ports.issue(ids);
    } catch (cause) {
      metrics.failures.inc();
      for (const id of ids) queue.offer(id);
      throw cause;
    }
  }

  return {
    async run(signal) {
      const trying = (name: 'following the log' | 'issuing forecasts') => ({
        logger,
        signal,
        patience,
        onFailure: (cause: unknown) => void troubles.set(name, `${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`),
      });
      await Promise.all([
        keepTrying('following the log', () => read(signal), trying('following the log')),
        keepTrying('issuing forecasts', () => issueAll(signal), trying('issuing forecasts')),
      ]);
    },
    trouble: () => [...troubles.values()].join('; ') || null,
  };
}
