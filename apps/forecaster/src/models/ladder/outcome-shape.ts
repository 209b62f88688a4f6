import { QUANTILE_LEVELS } from '@candlecast/domain';
import { MEDIAN, NORMAL_QUANTILES } from '../normal.ts';
import { createTrailingQuantiles } from './trailing-quantiles.ts';

/** How the outcomes of one horizon have lately been spread, in sigmas: filtered historical simulation, bar by bar. */
export interface OutcomeShape {
  /** Takes return ÷ sigma of the origin whose outcome became known at the next bar; NaN where there is none. */
  push(ratio: number): void;
  /** Writes the quantiles around their median, in the order of QUANTILE_LEVELS. */
  write(out: Float64Array): void;
}

const DAYS = 90;
const LEAST = 500;

/**
 * Returns a shape that knows no outcome: empirical quantiles of the last 90 days, moved so that the median is 0. Until 500 outcomes are known
 * (or a third of the window, where that is less) it is the normal's.
 */
export function createOutcomeShape(dayBars: number): OutcomeShape {
  const room = DAYS * dayBars;
  const least = Math.min(LEAST, room / 3);
  const trailing = createTrailingQuantiles(room);
  return {
    push: (ratio) => trailing.push(ratio),
    write(out) {
      const isReady = trailing.size >= least;
      const median = isReady ? trailing.at(QUANTILE_LEVELS[MEDIAN] as number) : 0;
      for (let level = 0; level < QUANTILE_LEVELS.length; level++)
        out[level] = isReady ? trailing.at(QUANTILE_LEVELS[level] as number) - median : (NORMAL_QUANTILES[level] as number);
    },
  };
}
