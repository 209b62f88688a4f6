import {
  AppError,
  type AuditWindow,
  addMs,
  type CandleReader,
  DAY_MS,
  type EpochMs,
  type ImportedFile,
  type Instrument,
  MINUTE_MS,
  type QualityReader,
  type QualityReport,
  type TimeRange,
} from '@candlecast/domain';
import { proveTradeIds, type TradeIdProof } from './prove-trade-ids.ts';

/** How good the stored 1m candles of a range are. */
export interface DataQuality extends QualityReport {
  readonly instrument: Instrument;
  readonly range: TimeRange;
  /** Minutes from the close of the newest candle without a hole before it to now. */
  readonly stalenessMs: number | null;
  readonly tradeIds: () => Promise<TradeIdProof>;
  readonly audits: readonly AuditWindow[];
  /** The newest of them. */
  readonly importedFiles: readonly ImportedFile[];
}

/** The longest range of one report: every candle of it is looked at. */
export const MAX_QUALITY_DAYS = 92;
const MAX_FILES = 100;

/** Checks a range; `BAD_USER_INPUT` for one turned around, `RANGE_TOO_LARGE` for one of more than 92 days. */
export async function loadDataQuality(
  ports: { readonly quality: QualityReader; readonly candles: Pick<CandleReader, 'findGaps'> },
  instrument: Instrument,
  range: TimeRange,
  now: EpochMs,
): Promise<DataQuality> {
  if (range.from >= range.to) throw new AppError('BAD_USER_INPUT', 'from must lie before to');
  if (range.to - range.from > MAX_QUALITY_DAYS * DAY_MS)
    throw new AppError('RANGE_TOO_LARGE', `the range is longer than ${MAX_QUALITY_DAYS} days: ask in parts`);
  const { quality } = ports;
  const [report, audits, files] = await Promise.all([
    quality.findQuality(instrument.id, range),
    quality.findAudits(instrument.id, range),
    quality.findImportedFiles(instrument.id),
  ]);
  return {
    ...report,
    instrument,
    range,
    stalenessMs: instrument.watermark === null ? null : Math.max(0, now - addMs(instrument.watermark, MINUTE_MS)),
    tradeIds: () => proveTradeIds(quality, instrument.id, range),
    audits,
    importedFiles: [...files].sort((a, b) => b.importedAt - a.importedAt).slice(0, MAX_FILES),
  };
}
