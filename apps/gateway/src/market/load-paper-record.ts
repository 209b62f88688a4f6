import {
  ALL_TIME,
  type CandleReader,
  closeTimeOf,
  type EpochMs,
  type ForecastReader,
  type Horizon,
  type InstrumentId,
  type PaperRecord,
  toPaperRecord,
} from '@candlecast/domain';
import { toChartNumber } from './to-chart-number.ts';

/** What following every signal would have given, beside what needs no signal. */
export interface PaperRecordNode extends PaperRecord {
  readonly symbol: InstrumentId;
  readonly horizon: Horizon;
  /** `asOf` of the first signal; null where there is none. */
  readonly from: EpochMs | null;
  /** Close of the newest candle; null without a signal. */
  readonly to: EpochMs | null;
  /** What buying at the first signal and holding until now would have given, after the costs of one trade; null without a signal. */
  readonly buyAndHoldBps: number | null;
}

interface Sources {
  readonly forecasts: Pick<ForecastReader, 'findPaperRows'>;
  readonly candles: Pick<CandleReader, 'findCandles'>;
}

/** Makes the paper record of an instrument and horizon. */
export async function loadPaperRecord({ forecasts, candles }: Sources, symbol: InstrumentId, horizon: Horizon): Promise<PaperRecordNode> {
  const [rows, [newest]] = await Promise.all([
    forecasts.findPaperRows(symbol, horizon),
    candles.findCandles({ instrumentId: symbol, interval: '1m', range: ALL_TIME, limit: 1, take: 'newest' }),
  ]);
  const record = { ...toPaperRecord(horizon, rows), symbol, horizon };
  const { first } = rows;
  if (!first || !newest) return { ...record, from: null, to: null, buyAndHoldBps: null };
  const buyAndHoldBps = (toChartNumber(newest.close) / toChartNumber(first.price) - 1) * 10_000 - first.costBps;
  return { ...record, from: first.asOf, to: closeTimeOf(newest.openTime, '1m'), buyAndHoldBps };
}
