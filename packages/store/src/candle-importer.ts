import {
  AppError,
  addMs,
  type CandleImporter,
  type CandleValues,
  type CommitResult,
  type EpochMs,
  type InstrumentId,
  type LeaseOf,
  type LogEntry,
  MINUTE_MS,
} from '@candlecast/domain';
import { createCandleWriter, seamCorrections, sourceOf, toGapStretch } from './candle-writer.ts';
import type { Database, StorageTier } from './database.ts';
import { foldRollups, stageCandles, writeStaged } from './sql/bulk-candles.ts';
import { noteChanges, toStretches } from './sql/candle-changes.ts';
import { appendCandleEvents, appendEntries } from './sql/event-append.ts';
import { resolveGaps } from './sql/gaps.ts';
import { saveImportedFileRow } from './sql/imported-files.ts';
import { refreshRollups } from './sql/refresh.ts';
import { findSeries, lockSeries, setFirstOpenTime, type WritingSession } from './sql/series.ts';

/** Rows a transaction: a week of minutes, so that a live series waits for a fraction of a second. */
const BULK_ROWS = 10_080;
const LIVE_ROWS = 1_000;

/** Returns the importer of long histories; with `leaseOf`, for a process that keeps instruments by leases. Throws `instrument_unknown`. */
export function createCandleImporter(database: Pick<Database, 'sessions' | 'tier'>, leaseOf?: LeaseOf): CandleImporter {
  const { sessions, tier } = database;
  const writer = createCandleWriter(database, leaseOf);

  return {
    async importCandles(instrumentId, candles, knownAt) {
      const [series] = await findSeries(sessions, [instrumentId]);
      if (!series) throw new AppError('instrument_unknown', `instrument "${instrumentId}" is not in the database`);
      const liveSince = series.liveSince ?? Number.POSITIVE_INFINITY;
      const seam = candles.findIndex(({ openTime }) => openTime >= liveSince);
      const history = seam < 0 ? candles : candles.slice(0, seam);
      let total: CommitResult = { instrumentId, inserted: 0, corrected: 0, completed: 0, unchanged: 0, watermark: series.watermark };
      for (const part of partsOf(history, BULK_ROWS)) {
        total = add(total, await sessions.transact((session) => importHistory({ ...session, leaseOf }, tier, instrumentId, part, knownAt)));
      }
      for (const part of partsOf(candles.slice(history.length), LIVE_ROWS)) {
        const [result] = await writer.commitClosed([{ instrumentId, candles: part }], knownAt);
        if (result) total = add(total, result);
      }
      return total;
    },

    async settle(range) {
      if (tier === 'tsl' && range.from < range.to) await refreshRollups(sessions, range);
    },

    saveImportedFile: (instrumentId, file) => saveImportedFileRow(sessions, instrumentId, file),
  };
}

async function importHistory(
  session: WritingSession,
  tier: StorageTier,
  instrumentId: InstrumentId,
  candles: readonly CandleValues[],
  knownAt: EpochMs,
): Promise<CommitResult> {
  await stageCandles(session, candles);
  const series = (await lockSeries(session, [instrumentId])).get(instrumentId);
  if (!series) throw new AppError('instrument_unknown', `instrument "${instrumentId}" is not in the database`);
  if (series.liveSince !== null && candles.some(({ openTime }) => openTime >= (series.liveSince ?? 0)))
    throw new AppError('history_overlaps_live', `${instrumentId} went live while its history was being imported`, { retryable: true });
  const { counts, first, last, blocks } = await writeStaged(session, series.seriesId, candles, knownAt);
  const entries: LogEntry[] = [];
  if (first !== null && last !== null) {
    await foldRollups(session, series.seriesId, first, last);
    const span = { from: first, to: addMs(last, MINUTE_MS) };
    const ends = [first, last].map((openTime) => ({ seriesId: series.seriesId, openTime }));
    const resolved = await resolveGaps(session, ends, 'IMPORTED', knownAt);
    const imported = toStretches(
      series.seriesId,
      blocks.map((openTime) => ({ openTime })),
    );
    await noteChanges(session, [...imported, ...resolved.map(toGapStretch)]);
    if (series.firstOpenTime === null || first < series.firstOpenTime) await setFirstOpenTime(session, series.seriesId, first);
    entries.push({ topic: 'candles.backfilled', key: instrumentId, payload: { instrumentId, ...span } });
    for (const { from, to, reason } of resolved)
      entries.push({ topic: 'gap.resolved', key: instrumentId, payload: { instrumentId, from, to, reason } });
  }
  await appendEntries(session, knownAt, entries);
  const seams = last === null ? [] : seamCorrections(series, [{ openTime: last }]);
  await appendCandleEvents(session, knownAt, seams, sourceOf(tier, candles));
  const { new: inserted, corrected, completed } = counts;
  const unchanged = candles.length - inserted - corrected - completed;
  return { instrumentId, inserted, corrected, completed, unchanged, watermark: series.watermark };
}

function partsOf<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}

function add(a: CommitResult, b: CommitResult): CommitResult {
  return {
    instrumentId: a.instrumentId,
    inserted: a.inserted + b.inserted,
    corrected: a.corrected + b.corrected,
    completed: a.completed + b.completed,
    unchanged: a.unchanged + b.unchanged,
    watermark: b.watermark,
  };
}
