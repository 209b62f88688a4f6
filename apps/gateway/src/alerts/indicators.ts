import { type Decimal, toDecimal } from '@candlecast/domain';
import { EMA, RSI, SMA } from 'trading-signals';
import { toChartNumber } from '../market/to-chart-number.ts';
import type { AlertChoice, ClosedCandle } from './alert-kind.ts';

/** The averages that alerts know, for the API. */
export const AVERAGE: AlertChoice = {
  name: 'AverageKind',
  description: 'How closes are averaged.',
  values: { SMA: 'Simple: all of the period alike.', EMA: 'Exponential: the newer, the more it counts.' },
};
export type AverageKind = 'SMA' | 'EMA';

/** Candles that an indicator is made from: where it never forgets, as many as make what came before them count for less than a thousandth. */
const PERIODS = { SMA: 1, EMA: 8, RSI: 16 };
const DIGITS = 10;

/** Returns how many candles `indicator` wants for a period. */
export function candlesFor(indicator: keyof typeof PERIODS, period: number): number {
  return PERIODS[indicator] * period + 1;
}

/** Returns the average of the newest closes; undefined when there are fewer than `period`. */
export function averageOf(kind: AverageKind, period: number, candles: readonly ClosedCandle[]): Decimal | undefined {
  return newestOf(kind === 'SMA' ? new SMA(period) : new EMA(period), candles);
}

/** Returns Wilder's relative strength index, 0 to 100; undefined when there are too few closes. */
export function rsiOf(period: number, candles: readonly ClosedCandle[]): Decimal | undefined {
  return newestOf(new RSI(period), candles);
}

interface Indicator {
  readonly isStable: boolean;
  getResult(): number | null;
  update(value: number, replace: boolean): unknown;
}

/** Indicators are what charts show: floats, made decimals again to be compared and told. */
function newestOf(indicator: Indicator, candles: readonly ClosedCandle[]): Decimal | undefined {
  for (const { close } of candles) indicator.update(toChartNumber(close), false);
  const value = indicator.isStable ? indicator.getResult() : null;
  return value === null ? undefined : toDecimal(value.toFixed(DIGITS));
}
