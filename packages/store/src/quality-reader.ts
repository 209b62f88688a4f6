import type { AuditWriter, InstrumentId, QualityReader } from '@candlecast/domain';
import type { Database } from './database.ts';
import { countDayRows, findAuditRows, saveAuditRow } from './sql/audits.ts';
import { findUnresolvedGapRows, toGap } from './sql/gaps.ts';
import { findImportedFileRows } from './sql/imported-files.ts';
import { checkTradeIdRows, findQualityRow } from './sql/quality.ts';
import { findSeries } from './sql/series.ts';

/** Returns the reader of how good the stored candles are, and the writer of what audits found. */
export function createQualityReader({ sessions }: Pick<Database, 'sessions'>): QualityReader & AuditWriter {
  async function ofSeries<T>(id: InstrumentId, none: T, read: (seriesId: number) => Promise<T>): Promise<T> {
    const [series] = await findSeries(sessions, [id]);
    return series ? read(series.seriesId) : none;
  }

  return {
    countDays: (id, range) => ofSeries(id, [], (seriesId) => countDayRows(sessions, seriesId, range)),
    checkTradeIds: (id, range, asOf) =>
      ofSeries(id, { candles: 0, unknown: 0, breaks: 0, breakTimes: [] }, (seriesId) => checkTradeIdRows(sessions, seriesId, range, asOf)),
    findQuality: (id, range) =>
      ofSeries(id, { candles: 0, findings: [], longestZeroVolumeRun: 0, largestScore: null }, (seriesId) =>
        findQualityRow(sessions, seriesId, range),
      ),
    findAudits: (id, range) => ofSeries(id, [], (seriesId) => findAuditRows(sessions, seriesId, range)),
    findUnresolved: (id, reason) =>
      ofSeries(id, [], async (seriesId) => (await findUnresolvedGapRows(sessions, seriesId, reason)).map(toGap)),
    findImportedFiles: (id) => ofSeries(id, [], (seriesId) => findImportedFileRows(sessions, seriesId)),
    saveAudit: (id, window) => saveAuditRow(sessions, id, window),
  };
}
