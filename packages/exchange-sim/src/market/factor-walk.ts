import { bitsAt, toGaussian } from './random.ts';
import { DAY_MINUTES, GENESIS_DAY } from './venue-day.ts';

export interface FactorWalkOptions {
  readonly key: number;
  /** Standard deviation of a usual day's log-return. */
  readonly dailyVolatility: number;
  /** Share of the distance from level 0 that the walk returns in a day: keeps prices in a believable range over years. */
  readonly dailyPull: number;
  /** How wild each day is against a usual one, in variance. */
  readonly varianceOfDay: (day: number) => number;
}

/**
 * A random walk in log price that can be entered anywhere: its levels at midnight are walked once from the first day of the world, and
 * the minutes of a day are a bridge between two of them.
 */
export class FactorWalk {
  readonly #options: FactorWalkOptions;
  readonly #minuteKey: number;
  /** Levels at midnight, from the first day on. */
  readonly #levels: number[] = [0];

  constructor(options: FactorWalkOptions) {
    this.#options = options;
    this.#minuteKey = bitsAt(options.key, -1);
  }

  /** Returns the level at the 1,441 minute starts of a day, both midnights included. `factors` is each minute's variance, mean one. */
  levelsOfDay(day: number, factors: Float64Array): Float64Array {
    const start = this.#levelAtMidnight(day);
    const end = this.#levelAtMidnight(day + 1);
    const minuteVariance = this.#options.dailyVolatility ** 2 / DAY_MINUTES;
    const steps = new Float64Array(DAY_MINUTES);
    let walked = 0;
    let variance = 0;
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      const step = Math.sqrt((factors[minute] ?? 0) * minuteVariance) * fatTailed(bitsAt(this.#minuteKey, day * DAY_MINUTES + minute));
      steps[minute] = step;
      walked += step;
      variance += factors[minute] ?? 0;
    }
    // Each minute takes its share, by variance, of what the free walk missed the next midnight by.
    const missed = (end - start - walked) / variance;
    const levels = new Float64Array(DAY_MINUTES + 1);
    levels[0] = start;
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      levels[minute + 1] = (levels[minute] ?? 0) + (steps[minute] ?? 0) + missed * (factors[minute] ?? 0);
    }
    return levels;
  }

  #levelAtMidnight(day: number): number {
    const { key, dailyVolatility, dailyPull, varianceOfDay } = this.#options;
    const wanted = Math.max(0, day - GENESIS_DAY);
    for (let index = this.#levels.length; index <= wanted; index++) {
      const before = this.#levels[index - 1] ?? 0;
      const shock = dailyVolatility * Math.sqrt(varianceOfDay(GENESIS_DAY + index - 1)) * toGaussian(bitsAt(key, index));
      this.#levels.push(before * (1 - dailyPull) + shock);
    }
    return this.#levels[wanted] ?? 0;
  }
}

/** Every two-hundredth minute or so moves three times as far. Variance one. */
function fatTailed(bits: number): number {
  const isJump = Math.imul(bits, 0x9e3779b1) >>> 24 === 0;
  return toGaussian(bits) * (isJump ? 3 : 1) * 0.985;
}
