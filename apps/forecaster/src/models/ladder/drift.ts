import { createRollingMeans } from '../../features/rolling-means.ts';
import { pointModel } from './point-model.ts';
import { returnsOf } from './series-model.ts';

const DAYS = 30;

/** The price goes on as it went over the last 30 days. */
export const drift = pointModel({
  name: 'drift-30d',
  description: 'The last price, moved on by the mean return of the last 30 days',
  fit: () => ({
    card: { days: DAYS },
    locate(set, s) {
      const means = createRollingMeans([DAYS * set.schema.dayBars]);
      const drifts = returnsOf(set, s).map((logReturn) => {
        means.push(logReturn);
        return means.mean(0);
      });
      return (bar, horizon) => orZero(drifts[bar]) * (set.schema.horizonBars[horizon] as number);
    },
  }),
});

function orZero(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}
