import type { EpochMs } from '@candlecast/domain';

/** A value at the open time of a candle. */
export interface LinePoint {
  readonly time: EpochMs;
  readonly value: number;
}

/** A line over the candles, beside the volume, or in a panel of its own under them. */
export interface ChartLine {
  /** Unique on its chart. */
  readonly id: string;
  readonly label: string;
  /** `price` and `volume` share those scales; any other name is a panel, which lines of the same name share. */
  readonly place: string;
  readonly form: 'line' | 'histogram';
  /** Which of the chart's line colours, counted from 0. */
  readonly colour: number;
  /** Oldest first, unique. */
  readonly points: readonly LinePoint[];
}

/** New values of lines that are drawn. */
export interface LineUpdate {
  readonly id: string;
  readonly points: readonly LinePoint[];
}

/** Candles that are missing between two that are there, and why. */
export interface ChartGap {
  /** Open times of the candles around it. */
  readonly before: EpochMs;
  readonly after: EpochMs;
  readonly label: string;
}
