import { type EpochMs, type GapReason, type InstrumentId, splitInstrumentId } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { HistoryDumps } from './dumps/history-dumps.ts';
import { repeat } from './pause.ts';
import { type AuditLoop, createAuditLoop } from './series/audit-loop.ts';
import { GapKeeper } from './series/gap-keeper.ts';
import { History } from './series/history.ts';
import { findMissing } from './series/prepare.ts';
import { MOST_CANDLES, Rereader } from './series/rereader.ts';
import type { Tracked } from './series/tracked.ts';
import type { CandleCommits, CommitOptions } from './write/candle-commits.ts';
import type { ProgressPublisher } from './write/progress-publisher.ts';

/** What the background needs. */
export interface BackgroundOptions extends CommitOptions {
  readonly progress: ProgressPublisher;
  /** What a hole is recorded as at first sight. */
  readonly firstGapReason: Extract<GapReason, 'PENDING' | 'SOURCE_INCOMPLETE'>;
  /** Absent where there is no dump host. */
  readonly dumps: HistoryDumps | undefined;
  /** Time between two audits, on the venue's clock. */
  readonly auditIntervalMs: number;
  readonly log: Logger;
}

/** The instruments for which the background works. */
export interface Members {
  find(id: InstrumentId): Tracked | undefined;
  working(): Tracked[];
  giveUp(tracked: Tracked | undefined, cause: unknown): void;
}

/** What is done for all series beside their growing ends: history, holes, second reads, audits. */
export interface Background {
  readonly gaps: GapKeeper;
  readonly history: History;
  readonly audits: AuditLoop;
  /** Another process works for the instrument from now on. */
  forget(id: InstrumentId): void;
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const GAP_SWEEP_WALL_MS = 1_000;
const NEVER = Number.POSITIVE_INFINITY as EpochMs;

/** Returns the background work for `members`. */
export function createBackground(options: BackgroundOptions, commits: CandleCommits, members: Members): Background {
  const { store, exchange, patience, progress, metrics, log } = options;
  const now = () => exchange.clock.now();
  const gaps = new GapKeeper({
    firstReason: options.firstGapReason,
    now,
    elapsedMs: () => performance.now(),
    record: commits.gap,
    fetch: (id, range) => commits.fetchRange(splitInstrumentId(id).symbol, range),
    commit: (id, candles) => commits.found(id, candles, members.find(id)?.liveSince ?? NEVER),
    onFailure: (id, range, cause) => log.warn({ err: cause, instrument: id, ...range }, 'a hole could not be read again'),
  });
  const audits = createAuditLoop({
    ...options,
    clock: exchange.clock,
    intervalMs: options.auditIntervalMs,
    report: (id, hole) => gaps.report(id, hole, false),
    retry: (id, again) => gaps.resume(id, again, false),
  });
  const rereader = new Rereader({
    clock: exchange.clock,
    series: () => members.working().flatMap(({ series }) => series ?? []),
    fetch: (symbol, range) => exchange.fetchCandles({ symbol, ...range, limit: MOST_CANDLES, purpose: 'reread' }),
    onResult: (result, candles) => metrics.rereadCandles.inc({ result }, candles),
    log,
  });
  const history = new History({
    findMissing: (id, range) => findMissing(store, id, range),
    prefill: options.dumps?.prefill,
    fetchBefore: (symbol, to, limit) => exchange.fetchCandles({ symbol, to, limit, purpose: 'history' }),
    findFirstOpenTime: (symbol) => exchange.findFirstOpenTime(symbol),
    ask: patience.ask,
    commit: commits.history,
    reportGap: (id, hole) => gaps.report(id, hole),
    recordBeforeListing: (id, range) => commits.gap(id, range, 'BEFORE_LISTING'),
    onInitialComplete: (id) => members.find(id)?.series?.setHistoryReady(),
    onProgress: (id, figures) => progress.note(id, figures),
    onFailure: (id, cause) => members.giveUp(members.find(id), cause),
  });
  const sweepGaps = () => gaps.sweep().catch((cause: unknown) => log.warn({ err: cause }, 'holes could not be read again'));

  return {
    gaps,
    history,
    audits,
    forget(id) {
      history.remove(id);
      gaps.forget(id);
      audits.auditor.remove(id);
    },
    async run(signal) {
      await Promise.all([
        history.run(signal),
        rereader.run(signal),
        audits.run(signal),
        repeat(() => GAP_SWEEP_WALL_MS, signal, sweepGaps),
      ]);
    },
  };
}
