import type { AlertKind } from './alert-kind.ts';
import { averageCross } from './kinds/average-cross.ts';
import { forecastFlip } from './kinds/forecast-flip.ts';
import { priceLevel } from './kinds/price-level.ts';
import { priceMove } from './kinds/price-move.ts';
import { rsiLevel } from './kinds/rsi-level.ts';
import { staleData } from './kinds/stale-data.ts';

/** Everything that alerts can look at. */
export const ALERT_KINDS: readonly AlertKind[] = [priceLevel, priceMove, averageCross, rsiLevel, forecastFlip, staleData];
