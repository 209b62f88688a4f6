import { type Decimal, type EpochMs, parseIso } from '@candlecast/domain';
import { toChartNumber } from './to-chart-number.ts';

/** A candle as charts draw it: prices and base volume are chart numbers, never shown as text without `fromChartNumber`. */
export interface ChartCandle {
  readonly openTime: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly baseVolume: number;
  readonly isClosed: boolean;
}

/** A candle as the API sends it, as far as a chart needs it: exact decimals, ISO-8601 times. */
export interface ExactCandle {
  readonly openTime: string;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly baseVolume: Decimal;
  readonly isClosed: boolean;
  readonly knownAt: string;
}

/** Returns the chart's view of a candle; throws a RangeError that names its open time when that is no instant. */
export function toChartCandle(candle: ExactCandle): ChartCandle {
  return {
    openTime: toInstant(candle.openTime),
    open: toChartNumber(candle.open),
    high: toChartNumber(candle.high),
    low: toChartNumber(candle.low),
    close: toChartNumber(candle.close),
    baseVolume: toChartNumber(candle.baseVolume),
    isClosed: candle.isClosed,
  };
}

/** Returns the instant of an ISO-8601 text; throws a RangeError that names it when it is none. */
export function toInstant(text: string): EpochMs {
  const time = parseIso(text);
  if (time === undefined) throw new RangeError(`"${text}" is not an ISO-8601 instant`);
  return time;
}

/** Tells whether a candle closed at or above its open. */
export function isRising(candle: ChartCandle): boolean {
  return candle.close >= candle.open;
}
