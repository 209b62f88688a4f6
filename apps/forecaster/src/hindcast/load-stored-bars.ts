import {
  addMs,
  type CandleReader,
  ceilToInterval,
  type Decimal,
  type EpochMs,
  type InstrumentId,
  intervalMs,
  splitInstrumentId,
  type TimeRange,
} from '@candlecast/domain';
import { type BarSeries, createBarSeries } from '../features/bar.ts';
import { toFeature } from '../features/to-feature.ts';

/** Bars, and the exact closes by the times at which they closed. */
export interface StoredBars {
  readonly series: BarSeries;
  readonly closes: ReadonlyMap<EpochMs, Decimal>;
}

/** Candles in one query. */
const PAGE = 4_000;

/**
 * Reads the closed candles of an interval that open in `range` onto a grid, a page at a time. A candle that recorded gaps reach into is missing, like one that
 * is not stored. Closes are kept from `closesFrom` on.
 */
export async function loadStoredBars(
  candles: Pick<CandleReader, 'findCandles' | 'findGaps'>,
  instrumentId: InstrumentId,
  interval: '1m' | '15m',
  range: TimeRange,
  closesFrom: EpochMs,
): Promise<StoredBars> {
  const stepMs = intervalMs(interval);
  const from = ceilToInterval(range.from, interval);
  const length = Math.max(0, Math.floor((range.to - from) / stepMs));
  const series = createBarSeries(splitInstrumentId(instrumentId).symbol, from, stepMs, length);
  const closes = new Map<EpochMs, Decimal>();
  const end = addMs(from, length * stepMs);
  const gaps = (await candles.findGaps(instrumentId, { from, to: end })).filter(({ resolvedAt }) => resolvedAt === null);
  for (let at = from; at < end; at = addMs(at, PAGE * stepMs)) {
    const page = { from: at, to: Math.min(addMs(at, PAGE * stepMs), end) as EpochMs };
    const inside = gaps.filter((gap) => gap.from < page.to && gap.to > page.from);
    for (const candle of await candles.findCandles({ instrumentId, interval, range: page, limit: PAGE, take: 'oldest' })) {
      const closeTime = addMs(candle.openTime, stepMs);
      if (!candle.isClosed || inside.some((gap) => gap.from < closeTime && gap.to > candle.openTime)) continue;
      const row = (candle.openTime - from) / stepMs;
      const { columns } = series;
      columns.logClose[row] = Math.log(toFeature(candle.close));
      columns.logHigh[row] = Math.log(toFeature(candle.high));
      columns.logLow[row] = Math.log(toFeature(candle.low));
      columns.baseVolume[row] = toFeature(candle.baseVolume);
      columns.takerBuyBaseVolume[row] = toFeature(candle.takerBuyBaseVolume);
      columns.tradeCount[row] = candle.tradeCount ?? Number.NaN;
      if (closeTime >= closesFrom) closes.set(closeTime, candle.close);
    }
  }
  return { series, closes };
}
