import { addMs, MINUTE_MS } from '@candlecast/domain';
import { type BarSeries, createBarSeries } from '../features/bar.ts';

const SUMS = ['baseVolume', 'takerBuyBaseVolume', 'tradeCount'] as const;

/**
 * Returns the bars of `bars` minutes that close at minutes of the clock which leave `phase` when divided by `bars`. A bar is there when all its minutes
 * are. `minutes` is a series of 1m bars.
 */
export function foldMinutes(minutes: BarSeries, bars: number, phase: number): BarSeries {
  const firstMinute = minutes.firstOpenTime / MINUTE_MS;
  const skipped = (((phase - firstMinute) % bars) + bars) % bars;
  const length = Math.max(0, Math.floor((minutes.length - skipped) / bars));
  const folded = createBarSeries(minutes.symbol, addMs(minutes.firstOpenTime, skipped * MINUTE_MS), bars * MINUTE_MS, length);
  const { logClose, logHigh, logLow } = minutes.columns;
  for (let row = 0; row < length; row++) {
    const first = skipped + row * bars;
    const end = first + bars;
    let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    // Of a minute that is missing all is NaN, and so is what it is added to.
    for (let minute = first; minute < end; minute++) {
      high = Math.max(high, logHigh[minute] as number);
      low = Math.min(low, logLow[minute] as number);
    }
    if (Number.isNaN(high)) continue;
    folded.columns.logHigh[row] = high;
    folded.columns.logLow[row] = low;
    folded.columns.logClose[row] = logClose[end - 1] as number;
    for (const name of SUMS) folded.columns[name][row] = sum(minutes.columns[name], first, end);
  }
  return folded;
}

function sum(column: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let row = from; row < to; row++) total += column[row] as number;
  return total;
}
