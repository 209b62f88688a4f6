import {
  AppError,
  type CandleReader,
  ceilToInterval,
  type EpochMs,
  floorToInterval,
  type Instrument,
  type Interval,
  intervalMs,
  type TimeRange,
} from '@candlecast/domain';
import type { Services } from '../../context.ts';
import { settledEnd } from '../../market/certify.ts';
import { loadInstrument } from '../../market/find-instruments.ts';
import { findIsoTime, loadInterval, loadText } from '../parameters.ts';

/** Which candles are to be written. */
export interface ExportRequest {
  readonly instrument: Instrument;
  readonly interval: Interval;
  /** On the grid of the interval; it ends before what may still change by the minute. */
  readonly range: TimeRange;
  /** The venue's time at the start. */
  readonly now: EpochMs;
}

/** The most candles of one file: nineteen years of minutes. */
export const MOST_ROWS = 10_000_000;

/**
 * Reads what is wanted: `symbol`, `interval`, `from` (the oldest stored candle when absent) and `to` (the newest settled one, which also
 * bounds it). `BAD_USER_INPUT` for a range turned around, `RANGE_TOO_LARGE` for one of more than ten million candles.
 */
export async function loadExportRequest(services: Services, parameters: URLSearchParams): Promise<ExportRequest> {
  const interval = loadInterval(parameters, 'interval');
  const from = findIsoTime(parameters, 'from');
  const to = findIsoTime(parameters, 'to');
  if (from !== undefined && to !== undefined && from > to) throw new AppError('BAD_USER_INPUT', 'from lies after to');
  const instrument = await loadInstrument(services, loadText(parameters, 'symbol'));
  const now = await services.venues.now(instrument.venue);
  const settled = settledEnd(interval, instrument.watermark, now);
  const end = Math.min(ceilToInterval(to ?? settled, interval), settled) as EpochMs;
  const start = ceilToInterval(from ?? floorToInterval(instrument.firstOpenTime ?? end, interval), interval);
  const range = { from: Math.min(start, end) as EpochMs, to: end };
  const rows = (range.to - range.from) / intervalMs(interval);
  if (rows > MOST_ROWS)
    throw new AppError('RANGE_TOO_LARGE', `the range holds ${rows} candles, at most ${MOST_ROWS} a file are allowed: ask in parts`);
  return { instrument, interval, range, now };
}

/** Returns the part of the range that can hold candles; undefined when none are stored. */
export function storedPart({ instrument, interval, range }: ExportRequest): TimeRange | undefined {
  if (instrument.firstOpenTime === null) return undefined;
  const from = Math.max(range.from, floorToInterval(instrument.firstOpenTime, interval)) as EpochMs;
  return from < range.to ? { from, to: range.to } : undefined;
}

/** What exports read from. */
export type ExportReader = Pick<CandleReader, 'findCandles' | 'countCandles' | 'findGaps'>;
