import type { Horizon } from '@candlecast/domain';
import { type BarSchema, barSchema } from './bar-schema.ts';
import { SERVED_HORIZONS } from './feature-schema.ts';

/**
 * The bars that live models of bars read, and what they forecast. Of the intervals with features, 30m has the most of the horizons that are
 * served: all but 15m.
 */
export const LIVE_BARS: BarSchema = barSchema('30m');

/**
 * Days of bars from which a process that starts knows what one knows that has always run: twelve weeks of season before ninety days of
 * outcomes. The slowest EWMA has forgotten what lies before to a part in 10¹⁰.
 */
export const LIVE_HISTORY_DAYS = 200;

/** Where each horizon of LIVE_BARS stands among the served ones. */
export const SERVED_PLACES: readonly number[] = LIVE_BARS.horizons.map((horizon) =>
  (SERVED_HORIZONS as readonly Horizon[]).indexOf(horizon),
);
