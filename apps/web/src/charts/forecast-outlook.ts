import type { LinePoint } from './chart-line.ts';

/** What was said earlier, and what is said of every minute ahead: drawn behind the candles. */
export interface ForecastOutlook {
  /** Earlier forecasts, each from the price at which it was issued to its median. */
  readonly ghosts: readonly (readonly LinePoint[])[];
  /** The median of the next day, minute by minute; empty where nobody has issued one. Oldest first. */
  readonly path: readonly LinePoint[];
}
