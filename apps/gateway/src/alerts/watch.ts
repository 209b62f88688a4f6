import { type AlertBook, DAY_MS, type DeskLease, type EventLog, HOUR_MS, type LogPosition, SECOND_MS } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { findStretch, readOn } from '../desk/read-on.ts';
import { runDesk } from '../desk/run-desk.ts';
import { type AlertIndex, createAlertIndex } from './alert-index.ts';
import type { AlertKind } from './alert-kind.ts';
import type { AlertMetrics } from './alert-metrics.ts';
import { type CandleWindows, createCandleWindows } from './candle-windows.ts';
import { beginLook, type LookSources } from './look.ts';

/** What a watch is made of. */
export interface WatchOptions extends LookSources {
  readonly book: AlertBook;
  readonly kinds: readonly AlertKind[];
  readonly log: Pick<EventLog, 'head' | 'oldest' | 'read'>;
  readonly logger: Logger;
  readonly metrics: AlertMetrics;
  readonly pace?: Partial<WatchPace>;
}

/** Times of a watch, in milliseconds of this machine. */
export interface WatchPace {
  /** Between two looks at the log. */
  readonly lookMs: number;
  /** Between two looks at how things are. */
  readonly momentMs: number;
  /** How long the lease holds once this process says nothing more. */
  readonly leaseMs: number;
}

const PACE: WatchPace = { lookMs: 500, momentMs: SECOND_MS, leaseMs: 6_000 };
/** A place at which nothing happened is written down this often; what is read again after a take-over changes nothing. */
const WRITE_PLACE_MS = 5_000;
/** Whether owners are still there is looked at this often. */
const RELOAD_MS = 5_000;
const KEEP_MS = 30 * DAY_MS;

/** Lets alerts look at what happens, a pass at a time. */
export interface Watch {
  /** Goes one pass further and stores what it has come to; resolves with how long there is nothing to do, in milliseconds. */
  look(lease: DeskLease): Promise<number>;
}

/**
 * Evaluates alerts while this process has the lease: reads the log from where the last holder stopped and stores what fired together with the
 * place. Ends with `signal`.
 */
export function runWatch(options: WatchOptions & { readonly signal: AbortSignal }): Promise<void> {
  const { book, metrics, logger, signal } = options;
  const { lookMs, leaseMs } = { ...PACE, ...options.pace };
  const { look } = createWatch(options);
  let tidyAt = 0;
  return runDesk({
    ...{ desk: book, task: 'evaluates alerts', lookMs, leaseMs, logger, signal },
    onTurn: (isMine) => metrics.isWatching.set(isMine ? 1 : 0),
    async work(lease) {
      const restMs = await look(lease);
      if (performance.now() >= tidyAt) {
        await book.removeOld(KEEP_MS);
        tidyAt = performance.now() + HOUR_MS;
      }
      return restMs;
    },
  }).done;
}

/** Returns a watch that has seen nothing. After a failed look it must be given a lease that was taken anew. */
export function createWatch(options: WatchOptions): Watch {
  const { book, log, logger, metrics } = options;
  const { lookMs, momentMs } = { ...PACE, ...options.pace };
  let held: DeskLease | undefined;
  let position: LogPosition | undefined;
  let index: AlertIndex | undefined;
  let windows: CandleWindows = createCandleWindows(options.candles);
  let changes = -1;
  let [loadedAt, momentAt, writtenAt] = [0, 0, 0];

  function beginAnew(lease: DeskLease): void {
    held = lease;
    position = lease.position;
    index = undefined;
    windows = createCandleWindows(options.candles);
  }

  async function loadIndex(): Promise<AlertIndex> {
    const present = await book.countChanges();
    if (index && present === changes && performance.now() < loadedAt + RELOAD_MS) return index;
    changes = present;
    loadedAt = performance.now();
    index = createAlertIndex(await book.findAlerts(), options.kinds);
    return index;
  }

  return {
    async look(lease) {
      if (lease !== held) beginAnew(lease);
      const stretch = await findStretch(log, position);
      const alerts = await loadIndex();
      if (stretch.missed > 0) {
        metrics.missed.inc(stretch.missed);
        logger.error({ missed: stretch.missed }, 'the log was cut before alerts had looked at it');
      }
      const { events, to, hasMore } = await readOn(log, stretch, alerts.selection);
      const pass = beginLook(alerts, windows, options);
      for (const event of events) await pass.takeEvent(event);
      if (!hasMore && performance.now() >= momentAt) {
        await pass.takeMoment();
        momentAt = performance.now() + momentMs;
      }
      const findings = pass.findings();
      const hasMoved = position?.epoch !== to.epoch || position.seq !== to.seq;
      if (findings.changes.length > 0 || position === undefined || (hasMoved && performance.now() >= writtenAt + WRITE_PLACE_MS)) {
        const stored = await book.savePass(lease.token, { to, ...findings });
        writtenAt = performance.now();
        for (const { kind } of stored) metrics.fired.inc({ kind });
      }
      findings.apply(alerts);
      position = to;
      return hasMore ? 0 : lookMs;
    },
  };
}
