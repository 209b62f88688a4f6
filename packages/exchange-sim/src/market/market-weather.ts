import { FactorWalk } from './factor-walk.ts';
import { keyOf } from './random.ts';
import { RecentValues } from './recent-values.ts';
import { DAY_MINUTES } from './venue-day.ts';
import { VolatilityNoise } from './volatility-noise.ts';

/** What all pairs share on one day. */
export interface DayWeather {
  /** Each minute's variance against the usual, mean one over the years; 1,441 values, the next midnight included. */
  readonly factors: Float64Array;
  /** Log level of the whole market at the 1,441 minute starts. */
  readonly levels: Float64Array;
}

/** Standard deviation of the whole market's log-return on a usual day. */
export const MARKET_DAILY_VOLATILITY = 0.021;

/** Variance by hour of the day, UTC, relative: quiet before dawn in Europe, wild when New York opens. Mean one. */
const HOURLY_SHAPE = [
  1.12, 0.95, 0.84, 0.74, 0.68, 0.66, 0.7, 0.82, 0.94, 0.96, 0.9, 0.88, 1.0, 1.34, 1.72, 1.6, 1.36, 1.18, 1.06, 0.98, 0.94, 0.9, 0.82, 0.91,
];
/** The same by day of the week from Sunday on. */
const WEEKDAY_SHAPE = [0.7, 1.08, 1.12, 1.16, 1.14, 1.12, 0.68];

const SLOW_LAYERS = [
  { periodMin: 46_080, amplitude: 0.28 },
  { periodMin: 11_520, amplitude: 0.24 },
  { periodMin: 2_880, amplitude: 0.22 },
];
const FAST_LAYERS = [
  { periodMin: 480, amplitude: 0.2 },
  { periodMin: 120, amplitude: 0.2 },
  { periodMin: 30, amplitude: 0.2 },
  { periodMin: 8, amplitude: 0.18 },
];

/** The shared mood of the market: one path that all pairs lean on, and one volatility. Depends on the seed alone. */
export class MarketWeather {
  readonly #slow: VolatilityNoise;
  readonly #fast: VolatilityNoise;
  readonly #walk: FactorWalk;
  readonly #days = new RecentValues<number, DayWeather>(256);
  readonly #varianceOfDays = new Map<number, number>();

  constructor(seed: number) {
    this.#slow = new VolatilityNoise(keyOf('market/volatility/slow', seed), SLOW_LAYERS);
    this.#fast = new VolatilityNoise(keyOf('market/volatility/fast', seed), FAST_LAYERS);
    this.#walk = new FactorWalk({
      key: keyOf('market/walk', seed),
      dailyVolatility: MARKET_DAILY_VOLATILITY,
      dailyPull: 0.003,
      varianceOfDay: (day) => this.varianceOfDay(day),
    });
  }

  /** Returns what the pairs share on a day. The arrays are shared too: they must not be changed. */
  day(day: number): DayWeather {
    return this.#days.get(day, () => this.#makeDay(day));
  }

  /** Returns how wild a day is against the usual one, in variance. */
  varianceOfDay(day: number): number {
    const known = this.#varianceOfDays.get(day);
    if (known !== undefined) return known;
    const noon = new Float64Array(1);
    this.#slow.fillVarianceFactors(day * DAY_MINUTES + DAY_MINUTES / 2, noon);
    const variance = (noon[0] ?? 1) * weekdayShape(day);
    this.#varianceOfDays.set(day, variance);
    return variance;
  }

  #makeDay(day: number): DayWeather {
    const factors = new Float64Array(DAY_MINUTES + 1);
    const fast = new Float64Array(DAY_MINUTES + 1);
    this.#slow.fillVarianceFactors(day * DAY_MINUTES, factors);
    this.#fast.fillVarianceFactors(day * DAY_MINUTES, fast);
    for (let minute = 0; minute <= DAY_MINUTES; minute++) {
      factors[minute] = (factors[minute] ?? 0) * (fast[minute] ?? 0) * hourShape(minute) * weekdayShape(day);
    }
    return { factors, levels: this.#walk.levelsOfDay(day, factors) };
  }
}

function hourShape(minute: number): number {
  const hour = Math.floor(minute / 60);
  const left = HOURLY_SHAPE[hour % 24] ?? 1;
  const right = HOURLY_SHAPE[(hour + 1) % 24] ?? 1;
  return left + (right - left) * (minute / 60 - hour);
}

/** 1970-01-01, day 0, was a Thursday. */
function weekdayShape(day: number): number {
  return WEEKDAY_SHAPE[(day + 4) % 7] ?? 1;
}
