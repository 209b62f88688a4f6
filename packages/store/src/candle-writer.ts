import {
  AppError,
  addMs,
  type CandleWriter,
  type ClosedCandles,
  type CommitResult,
  type EpochMs,
  type GapReason,
  type InstrumentId,
  type LeaseOf,
  type LogEntry,
  MINUTE_MS,
  type TimeRange,
  toIso,
} from '@candlecast/domain';
import { closedUntil } from './closed-until.ts';
import type { Database, StorageTier } from './database.ts';
import { type CandleEvent, planCandleEvents, planSeamCorrections, type SeriesChange } from './plan-candle-events.ts';
import { toReadyEvent } from './ready-event.ts';
import { type ChangedStretch, noteChanges, toStretches } from './sql/candle-changes.ts';
import { type ChangedRow, type RowChange, touchRollups, upsertCandles } from './sql/candle-rows.ts';
import { findOpenTimes } from './sql/candle-times.ts';
import { appendCandleEvents, appendEntries, type CandleSource } from './sql/event-append.ts';
import { recordGapRow, resolveGaps } from './sql/gaps.ts';
import { hideRollups, refreshRollups } from './sql/refresh.ts';
import {
  advanceWatermarks,
  lockSeries,
  type Series,
  setFirstOpenTime,
  setLiveSince,
  setLiveSinceAll,
  type WritingSession,
} from './sql/series.ts';

/** How long after `startLive`'s moment candles may have been stored before it; a commit of history may reach a little further. */
const SEAM_MS = 7 * 24 * 60 * MINUTE_MS;

/**
 * Returns the writer of candles. The writers of one instrument wait for each other. Throws `instrument_unknown`. With `leaseOf` it writes for
 * a process that keeps instruments by leases: what another one keeps by now is refused as a whole with a LeaseLostError.
 */
export function createCandleWriter({ sessions: pool, tier }: Pick<Database, 'sessions' | 'tier'>, leaseOf?: LeaseOf): CandleWriter {
  const sessions = {
    ...pool,
    transact: <T>(work: (session: WritingSession) => Promise<T>) => pool.transact((session) => work({ ...session, leaseOf })),
  };
  return {
    async commitClosed(batch, knownAt) {
      const { results, hidden } = await sessions.transact((session) => commit(session, batch, knownAt, { isHistory: false, tier }));
      if (hidden) await refreshRollups(sessions, hidden);
      return results;
    },

    async commitHistory(history, knownAt) {
      const { results } = await sessions.transact((session) => commit(session, [history], knownAt, { isHistory: true, tier }));
      const [result] = results;
      if (!result) throw new AppError('commit_empty', `the commit of ${history.instrumentId} has no result`);
      // Continuous aggregates are blind to what lies below their own watermark until they are refreshed.
      if (canHide(tier) && history.candles.length > 0) await refreshRollups(sessions, spanOf(history.candles));
      return result;
    },

    startLive: (instrumentId, since) => sessions.transact((session) => startLive(session, tier, instrumentId, since)),

    startLiveAll: (instrumentIds, since) => sessions.transact((session) => startLiveAll(session, tier, instrumentIds, since)),

    recordGap: (instrumentId, range, reason, seenAt) =>
      sessions.transact((session) => recordGap(session, tier, instrumentId, range, reason, seenAt)),
  };
}

/** What a commit did. `hidden` is the range over which roll-ups do not show it yet. */
interface Committed {
  readonly results: CommitResult[];
  readonly hidden: TimeRange | undefined;
}

async function commit(
  session: WritingSession,
  batch: readonly ClosedCandles[],
  knownAt: EpochMs,
  { isHistory, tier }: { readonly isHistory: boolean; readonly tier: StorageTier },
): Promise<Committed> {
  const ids = batch.map((part) => part.instrumentId);
  if (new Set(ids).size < ids.length) throw new AppError('commit_repeats_instrument', 'an instrument stands twice in one commit');
  const known = await lockSeries(session, ids);
  const parts = batch.map((part) => ({ ...part, series: seriesOf(known, part.instrumentId) }));
  for (const part of parts) refuseRepeats(part);
  if (isHistory) for (const { series, candles } of parts) refuseLiveCandles(series, candles);

  const changed = await upsertCandles(
    session,
    parts.map(({ series, candles }) => ({ seriesId: series.seriesId, candles })),
    knownAt,
  );
  await touchRollups(session, changed);
  const resolved = await resolveGaps(session, changed, 'FETCHED', knownAt);
  const rowsOf = groupBySeries(changed);
  const changedPast = parts.flatMap(({ series }) => toStretches(series.seriesId, rowsOfPast(series, rowsOf.get(series.seriesId) ?? [])));
  await noteChanges(session, [...changedPast, ...resolved.map(toGapStretch)]);
  const moved = await advanceWatermarks(
    session,
    parts.map(({ series }) => ({ series, added: (rowsOf.get(series.seriesId) ?? []).filter((row) => row.change === 'new') })),
  );

  const entries: LogEntry[] = [];
  const changes: SeriesChange[] = [];
  const seams: CandleEvent[] = [];
  for (const { series } of parts) {
    const rows = rowsOf.get(series.seriesId) ?? [];
    await extendBack(session, series, rows);
    if (isHistory || series.liveSince === null) entries.push(...backfilled(series, rows));
    else changes.push(toChange(series, series.liveSince, moved, withEvents(series, rows, knownAt)));
    if (isHistory) seams.push(...seamCorrections(series, rows));
    for (const gap of resolved.filter((row) => row.seriesId === series.seriesId)) {
      const { instrumentId } = series;
      entries.push({ topic: 'gap.resolved', key: instrumentId, payload: { instrumentId, from: gap.from, to: gap.to, reason: gap.reason } });
    }
  }
  const hidden = canHide(tier) ? await findHidden(session, changed) : undefined;
  await appendEntries(session, knownAt, entries);
  const events = [...seams, ...planCandleEvents(changes)];
  await appendCandleEvents(session, knownAt, events, sourceOf(tier, changed));

  const results = parts.map(({ series, candles }) => {
    const rows = rowsOf.get(series.seriesId) ?? [];
    const countOf = (change: RowChange) => rows.filter((row) => row.change === change).length;
    return {
      instrumentId: series.instrumentId,
      inserted: countOf('new'),
      corrected: countOf('corrected'),
      completed: countOf('completed'),
      unchanged: candles.length - rows.length,
      watermark: moved.get(series.seriesId) ?? series.watermark,
    };
  });
  return { results, hidden };
}

/** Continuous aggregates may not show what was written below their watermark until they are refreshed. */
function canHide(tier: StorageTier): boolean {
  return tier === 'tsl';
}

/** What the log's larger candles are made from. */
export function sourceOf(tier: StorageTier, changed: readonly { readonly openTime: EpochMs }[]): CandleSource {
  return canHide(tier) ? { kind: 'minutes', changed: changed.map(({ openTime }) => openTime) } : { kind: 'rollups' };
}

/** A late minute lies below what continuous aggregates have materialised, which hides it from them until they are refreshed. */
async function findHidden(session: WritingSession, changed: readonly ChangedRow[]): Promise<TimeRange | undefined> {
  if (changed.length === 0) return undefined;
  const span = spanOf(changed);
  return (await hideRollups(session, span.from)) ? span : undefined;
}

async function startLive(session: WritingSession, tier: StorageTier, instrumentId: InstrumentId, since: EpochMs): Promise<void> {
  const series = seriesOf(await lockSeries(session, [instrumentId]), instrumentId);
  await startSeries(session, tier, series, since);
}

/** New series have nothing at their seam: one statement starts them all. */
async function startLiveAll(
  session: WritingSession,
  tier: StorageTier,
  instrumentIds: readonly InstrumentId[],
  since: EpochMs,
): Promise<void> {
  const waiting = [...(await lockSeries(session, instrumentIds)).values()].filter(({ liveSince }) => liveSince === null);
  const fresh = waiting.filter(({ firstOpenTime }) => firstOpenTime === null);
  await setLiveSinceAll(
    session,
    fresh.map(({ seriesId }) => seriesId),
    since,
  );
  for (const series of waiting) if (series.firstOpenTime !== null) await startSeries(session, tier, series, since);
}

async function startSeries(session: WritingSession, tier: StorageTier, series: Series, since: EpochMs): Promise<void> {
  if (series.liveSince !== null) return;
  await setLiveSince(session, series.seriesId, since);
  // Candles that came with the last page of history are live ones all the same: every candle from `since` on is in the log.
  const openTimes = await findOpenTimes(session, series.seriesId, { from: since, to: addMs(since, SEAM_MS) });
  const newest = openTimes.at(-1);
  if (newest === undefined) return;
  await noteChanges(
    session,
    toStretches(
      series.seriesId,
      openTimes.map((openTime) => ({ openTime })),
    ),
  ); // the series grows from here on, once more
  const moved = await advanceWatermarks(session, [{ series, added: [] }]);
  const rows = openTimes.map((openTime) => ({ openTime, change: 'new' as const }));
  await appendCandleEvents(session, addMs(newest, MINUTE_MS), planCandleEvents([toChange(series, since, moved, rows)]), sourceOf(tier, []));
}

async function recordGap(
  session: WritingSession,
  tier: StorageTier,
  instrumentId: InstrumentId,
  range: TimeRange,
  reason: GapReason,
  seenAt: EpochMs,
): Promise<void> {
  const series = seriesOf(await lockSeries(session, [instrumentId]), instrumentId);
  const isNews = await recordGapRow(session, series.seriesId, range, reason, seenAt);
  if (!isNews) return;
  await noteChanges(session, [toGapStretch({ ...range, seriesId: series.seriesId })]);
  const moved = await advanceWatermarks(session, [{ series, added: [] }]);
  await appendEntries(session, seenAt, [{ topic: 'gap.recorded', key: instrumentId, payload: { instrumentId, ...range, reason } }]);
  if (series.liveSince === null) return;
  await appendCandleEvents(session, seenAt, planCandleEvents([toChange(series, series.liveSince, moved, [])]), sourceOf(tier, []));
}

/** Rows that change what was told of the past. Columns that were only completed are in no bar. */
function rowsOfPast(series: Series, rows: readonly ChangedRow[]): ChangedRow[] {
  const end = closedUntil(series) ?? Number.POSITIVE_INFINITY;
  return rows.filter(({ openTime, change }) => openTime < end && change !== 'completed');
}

/** Also a gap's reason is what is known of its range. */
export function toGapStretch({ seriesId, from, to }: TimeRange & { readonly seriesId: number }): ChangedStretch {
  return { seriesId, first: from, last: addMs(to, -1) };
}

function refuseLiveCandles({ instrumentId, liveSince }: Series, candles: ClosedCandles['candles']): void {
  if (liveSince === null || candles.every((candle) => candle.openTime < liveSince)) return;
  throw new AppError(
    'history_overlaps_live',
    `history of ${instrumentId} reaches past its first live candle: that one is committed as closed`,
  );
}

function refuseRepeats({ instrumentId, candles }: ClosedCandles): void {
  const times = new Set<EpochMs>();
  for (const { openTime } of candles) {
    if (times.has(openTime)) {
      throw new AppError('commit_repeats_candle', `the candle of ${instrumentId} at ${toIso(openTime)} stands twice in one commit`);
    }
    times.add(openTime);
  }
}

async function extendBack(session: WritingSession, { seriesId, firstOpenTime }: Series, rows: readonly ChangedRow[]): Promise<void> {
  const oldest = rows.reduce<EpochMs | null>((min, { openTime }) => (min === null || openTime < min ? openTime : min), null);
  if (oldest !== null && (firstOpenTime === null || oldest < firstOpenTime)) await setFirstOpenTime(session, seriesId, oldest);
}

function backfilled({ instrumentId }: Series, rows: readonly ChangedRow[]): LogEntry[] {
  if (rows.length === 0) return [];
  return [{ topic: 'candles.backfilled', key: instrumentId, payload: { instrumentId, ...spanOf(rows) } }];
}

/** A roll-up that was closed with its live minutes alone changes when the minutes before them come. */
export function seamCorrections(
  { seriesId, liveSince, watermark }: Series,
  rows: readonly { readonly openTime: EpochMs }[],
): CandleEvent[] {
  if (liveSince === null || rows.length === 0) return [];
  return planSeamCorrections({ seriesId, liveSince, before: watermark }, addMs(spanOf(rows).to, -MINUTE_MS));
}

function toChange(series: Series, liveSince: EpochMs, moved: ReadonlyMap<number, EpochMs>, rows: SeriesChange['rows']): SeriesChange {
  const { seriesId, watermark } = series;
  return { seriesId, liveSince, before: watermark, after: moved.get(seriesId) ?? watermark, rows };
}

/** The log carries a new row as it was sent: nothing needs to be read back. */
function withEvents(series: Series, rows: readonly ChangedRow[], knownAt: EpochMs): SeriesChange['rows'] {
  return rows.map(({ openTime, change, sent }) => ({ openTime, change, ready: sent && toReadyEvent(series, sent, knownAt) }));
}

function groupBySeries(rows: readonly ChangedRow[]): Map<number, ChangedRow[]> {
  const groups = new Map<number, ChangedRow[]>();
  for (const row of rows) {
    const group = groups.get(row.seriesId);
    if (group) group.push(row);
    else groups.set(row.seriesId, [row]);
  }
  return groups;
}

function seriesOf(known: ReadonlyMap<InstrumentId, Series>, id: InstrumentId): Series {
  const series = known.get(id);
  if (!series) throw new AppError('instrument_unknown', `instrument "${id}" is not in the database`);
  return series;
}

function spanOf(rows: readonly { readonly openTime: EpochMs }[]): TimeRange {
  const [from, last] = rows.reduce(([min, max], { openTime }) => [Math.min(min, openTime), Math.max(max, openTime)], [Infinity, -Infinity]);
  return { from: from as EpochMs, to: addMs(last as EpochMs, MINUTE_MS) };
}
