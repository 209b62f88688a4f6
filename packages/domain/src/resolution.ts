import type { Decimal } from './decimal.ts';
import type { Forecast } from './forecast.ts';
import type { GapReason } from './gap.ts';
import type { EpochMs } from './time.ts';

/** The bands that forecasts are held to: each lies between two quantile levels of the same distance from the ends. In per cent. */
export const BANDS = [50, 80, 90, 95] as const;
export type Band = (typeof BANDS)[number];

/** How well a forecast did. */
export interface Score {
  /** The forecast was late and is scored as its reference. */
  readonly isReference: boolean;
  /** Log-return that came, natural units. */
  readonly logReturn: number;
  /** Whether the likelier direction came; null without a call (pUp = 0.5) and when the price did not move. */
  readonly hit: boolean | null;
  /** The narrowest band that held the price, 100 when none did; null for a late one without a reference. */
  readonly band: Band | 100 | null;
  /** Distance of the price from the median. */
  readonly absErr: Decimal;
  /** Distance of the price from the reference price: the error of "the price stays the same". */
  readonly absErrNaive: Decimal;
  /** Continuous ranked probability score over the nine levels, in log-return; null for a late one without a reference. */
  readonly crps: number | null;
  /** The same of the reference; null where the ledger kept none. */
  readonly crpsReference: number | null;
  /** (pUp − what came)², 0 to 1; null when the price did not move. */
  readonly brier: number | null;
  /** CRPS and band of the calibrated quantiles; null where there are none, and for a late one. */
  readonly crpsCalibrated: number | null;
  readonly bandCalibrated: Band | 100 | null;
  /** Version of the rules above. */
  readonly scorer: number;
}

/** What came of a forecast: a price and a score, or the reason why there is no price. */
export type Resolution =
  | { readonly resolvedAt: EpochMs; readonly actual: Decimal; readonly voidReason: null; readonly score: Score }
  | { readonly resolvedAt: EpochMs; readonly actual: null; readonly voidReason: GapReason; readonly score: null };

/** A forecast with what came of it; null while nothing has. */
export interface ForecastOutcome {
  readonly forecast: Forecast;
  readonly resolution: Resolution | null;
}
