import type { EpochMs } from '@candlecast/domain';
import type { FanPoint, ForecastFan } from '../market/forecast-fan.ts';

const STEPS_BETWEEN_HORIZONS = 8;

/**
 * Returns the outline of a fan, from the issue price on: between two horizons the bands follow the square root of time, the
 * way uncertainty grows, so that the outline is smooth; at every horizon it is exactly the forecast.
 */
export function toFanCurve(fan: ForecastFan): readonly FanPoint[] {
  const origin = at(fan.asOf, fan.refPrice);
  return fan.points.reduce<FanPoint[]>(
    (curve, target) => {
      const start = curve.at(-1) ?? origin;
      const from = Math.sqrt(start.time - fan.asOf);
      const to = Math.sqrt(target.time - fan.asOf);
      for (let step = 1; step < STEPS_BETWEEN_HORIZONS; step += 1) {
        const part = step / STEPS_BETWEEN_HORIZONS;
        const root = from + (to - from) * part;
        curve.push(between(start, target, part, (fan.asOf + root * root) as EpochMs));
      }
      curve.push(target);
      return curve;
    },
    [origin],
  );
}

function at(time: EpochMs, price: number): FanPoint {
  return { time, lower90: price, lower50: price, median: price, upper50: price, upper90: price };
}

function between(a: FanPoint, b: FanPoint, part: number, time: EpochMs): FanPoint {
  const mix = (from: number, to: number) => from + (to - from) * part;
  return {
    time,
    lower90: mix(a.lower90, b.lower90),
    lower50: mix(a.lower50, b.lower50),
    median: mix(a.median, b.median),
    upper50: mix(a.upper50, b.upper50),
    upper90: mix(a.upper90, b.upper90),
  };
}
