import type { Decimal } from '../decimal.ts';
import type { Forecast } from '../forecast.ts';
import type { Venue } from '../instrument.ts';
import type { ForecastOutcome, Score } from '../resolution.ts';

/** Which forecasts to resolve, and how. */
export interface ResolveRequest {
  readonly venue: Venue;
  /** At most so many in one transaction. */
  readonly limit: number;
  score(forecast: Forecast, actual: Decimal): Score;
}

/** Resolves forecasts that have matured (the forecaster owns this). */
export interface ForecastScorer {
  /**
   * Resolves the oldest forecasts whose target time has passed by the venue's clock: with the close of the candle that ends there, or, a day
   * later, as void for the reason of the recorded gap in its place. Others wait. Stores scores and daily sums and logs
   * `forecast.resolved`, one transaction; a forecast is resolved once, however many processes call this. Returns what it resolved.
   */
  resolveMatured(request: ResolveRequest): Promise<ForecastOutcome[]>;
}
