import { calibrate, calibrationRule, DAY_MS, type Horizon, horizonMs, QUANTILE_LEVELS, toScales } from '@candlecast/domain';

const LEVELS = QUANTILE_LEVELS.length;

/**
 * Returns quantiles [origins, levels], in time order, as serving calibrates them (`calibrationRule`): scaled anew at every midnight by what had matured
 * by then. Until enough has they stay as they are.
 */
export function toCalibrated(quantiles: Float32Array, returns: Float64Array, asOf: Float64Array, horizon: Horizon): Float32Array {
  const { windowDays, leastDays, strideMs } = calibrationRule(horizon);
  const maturesAt = asOf.map((time) => time + horizonMs(horizon));
  const said = (index: number) => [...quantiles.subarray(index * LEVELS, (index + 1) * LEVELS)];
  const out = quantiles.slice();
  let scales: readonly number[] | undefined;
  let madeAt = Number.NaN;
  asOf.forEach((time, index) => {
    const midnight = Math.floor(time / DAY_MS) * DAY_MS;
    if (midnight !== madeAt) {
      madeAt = midnight;
      const counted = [...asOf.keys()].filter((other) => {
        const matured = maturesAt[other] as number;
        return matured <= madeAt && matured > madeAt - windowDays * DAY_MS && (asOf[other] as number) % strideMs === 0;
      });
      const days = new Set(counted.map((other) => Math.ceil((maturesAt[other] as number) / DAY_MS)));
      const matured = counted.map((other) => ({ logReturns: said(other), realised: returns[other] as number }));
      scales = days.size < leastDays ? undefined : toScales(matured);
    }
    if (scales) out.set(calibrate(said(index), scales), index * LEVELS);
  });
  return out;
}
