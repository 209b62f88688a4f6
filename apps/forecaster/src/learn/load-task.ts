import { AppError, addMs, type CandleReader, DAY_MS, type Instrument, MINUTE_MS, type NewRun, toEpochMs } from '@candlecast/domain';
import type { NamedBars } from '../dataset/named-bars.ts';
import { loadStoredBars } from '../dataset/stored-bars.ts';
import { LIVE_BARS } from '../features/live-bars.ts';
import { loadSeries } from '../features/load-series.ts';
import { hashBars, hashHistories, type NamedHistory } from '../registry/hash-histories.ts';
import { lastBarClose } from '../serve/bar-keeper.ts';
import type { EstimatorName, TrainingTask } from './training-protocol.ts';

/** What is to be trained, and how. */
export interface TaskPlan {
  readonly estimator: EstimatorName;
  /** Newest days of history to train on. */
  readonly trainingDays: number;
  /** Instruments to train on, at most: the first of those that have enough history. All when absent. */
  readonly mostInstruments?: number;
  readonly seed: number;
}

/** A task, and what a run says of it. */
export interface LoadedTask extends Pick<NewRun, 'parameters' | 'dataHash'> {
  readonly task: TrainingTask;
}

const DAY_MINUTES = 1_440;
/** An instrument with fewer bars has no origin to train on. */
const LEAST_BARS = LIVE_BARS.warmup + LIVE_BARS.lookback + Math.max(...LIVE_BARS.horizonBars);

/**
 * Reads the history of series that are live. Throws `series_not_live` for one without a watermark,
 * `history_too_short` where no instrument has bars enough, and the reason of `signal` when it aborts.
 */
export async function loadTask(
  candles: CandleReader,
  live: readonly Instrument[],
  { estimator, trainingDays, mostInstruments, seed }: TaskPlan,
  signal: AbortSignal,
): Promise<LoadedTask> {
  if (estimator === 'lstm-short') {
    const histories: NamedHistory[] = [];
    for (const instrument of live) {
      histories.push(await loadHistory(candles, instrument, trainingDays));
      signal.throwIfAborted();
    }
    const minutes = histories.reduce((sum, { series }) => sum + series.length, 0);
    return {
      task: { estimator, histories: histories.map(({ series }) => series), seed },
      parameters: { trainingDays, instruments: live.length, minutes },
      dataHash: hashHistories(histories),
    };
  }
  const bars = await loadBars(candles, live, trainingDays, mostInstruments ?? Number.POSITIVE_INFINITY, signal);
  return {
    task: { estimator, bars, seed },
    parameters: { trainingDays, instruments: bars.length, interval: LIVE_BARS.interval, bars: bars[0]?.series.length ?? 0 },
    dataHash: hashBars(bars),
  };
}

async function loadHistory(candles: CandleReader, { id, watermark }: Instrument, days: number): Promise<NamedHistory> {
  const buffer = await loadSeries(candles, id, addMs(watermarkOf(id, watermark), MINUTE_MS), days * DAY_MINUTES);
  return { instrumentId: id, series: buffer.series() };
}

/** Bars of all instruments with enough of them lie on one grid, which ends with the newest bar of any. */
async function loadBars(
  candles: CandleReader,
  live: readonly Instrument[],
  days: number,
  most: number,
  signal: AbortSignal,
): Promise<NamedBars[]> {
  const ends = live.map(({ id, watermark }) => lastBarClose(addMs(watermarkOf(id, watermark), MINUTE_MS)));
  const to = toEpochMs(Math.max(0, ...ends));
  const enough = live
    .filter(({ firstOpenTime }) => firstOpenTime !== null && to - firstOpenTime >= LEAST_BARS * LIVE_BARS.stepMs)
    .slice(0, most);
  if (enough.length === 0)
    throw new AppError('history_too_short', `no instrument has ${LEAST_BARS} bars of ${LIVE_BARS.interval} to train on`);
  const first = enough.reduce((earliest, { firstOpenTime }) => Math.min(earliest, firstOpenTime ?? to), to as number);
  const from = lastBarClose(toEpochMs(Math.max(first, to - days * DAY_MS)));
  const bars: NamedBars[] = [];
  for (const { id } of enough) {
    bars.push({ instrumentId: id, series: await loadStoredBars(candles, id, LIVE_BARS, { from, to }) });
    signal.throwIfAborted();
  }
  return bars;
}

function watermarkOf(id: Instrument['id'], watermark: Instrument['watermark']): NonNullable<Instrument['watermark']> {
  if (watermark === null) throw new AppError('series_not_live', `the series of ${id} has no watermark`);
  return watermark;
}
