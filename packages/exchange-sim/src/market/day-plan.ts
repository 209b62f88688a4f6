import { FactorWalk } from './factor-walk.ts';
import { MARKET_DAILY_VOLATILITY, type MarketWeather } from './market-weather.ts';
import type { PairProfile } from './pair-profile.ts';
import { bitsAt, keyOf, toGaussian, toUniform } from './random.ts';
import { DAY_MINUTES, dayOf, minuteOfDay } from './venue-day.ts';
import { VolatilityNoise } from './volatility-noise.ts';

/** The frame of a pair's day, from which the orders of any minute follow. */
export interface DayPlan {
  readonly day: number;
  /** Price in ticks, with fractions, at the 1,441 minute starts. */
  readonly prices: Float64Array;
  /** How far the price wanders within each minute: a standard deviation in ticks. */
  readonly wander: Float32Array;
  /** Id of the first order of each minute; the 1,441st value is the next day's first. */
  readonly firstOrderIds: Uint32Array;
}

const OWN_LAYERS = [
  { periodMin: 4_320, amplitude: 0.22 },
  { periodMin: 720, amplitude: 0.2 },
  { periodMin: 90, amplitude: 0.2 },
];
/** Part of a minute's move that the next minute takes back: the short-term mean reversion of real trade prices. */
const FLICKER = 0.17;

/** Draws the days of one pair. */
export class DayPlanner {
  readonly #profile: PairProfile;
  readonly #weather: MarketWeather;
  readonly #ownNoise: VolatilityNoise;
  readonly #ownWalk: FactorWalk;
  readonly #flickerKey: number;
  readonly #crowdKey: number;
  readonly #firstDay: number;

  constructor(profile: PairProfile, seed: number, weather: MarketWeather) {
    this.#profile = profile;
    this.#weather = weather;
    this.#ownNoise = new VolatilityNoise(keyOf(`${profile.symbol}/volatility`, seed), OWN_LAYERS);
    this.#ownWalk = new FactorWalk({
      key: keyOf(`${profile.symbol}/walk`, seed),
      dailyVolatility: profile.ownVolatility,
      dailyPull: profile.dailyPull,
      varianceOfDay: (day) => weather.varianceOfDay(day),
    });
    this.#flickerKey = keyOf(`${profile.symbol}/flicker`, seed);
    this.#crowdKey = keyOf(`${profile.symbol}/crowd`, seed);
    this.#firstDay = dayOf(profile.listedTime);
  }

  /** Returns the frame of a day. Every day has the same number of orders; days before the listing have none. */
  plan(day: number): DayPlan {
    const { factors, levels } = this.#weather.day(day);
    const ownFactors = new Float64Array(DAY_MINUTES + 1);
    this.#ownNoise.fillVarianceFactors(day * DAY_MINUTES, ownFactors);
    for (let minute = 0; minute <= DAY_MINUTES; minute++) ownFactors[minute] = (ownFactors[minute] ?? 0) * (factors[minute] ?? 0);
    const ownLevels = this.#ownWalk.levelsOfDay(day, ownFactors);

    const { beta, ownVolatility, referencePrice, tickDecimals } = this.#profile;
    const marketVariance = (beta * MARKET_DAILY_VOLATILITY) ** 2 / DAY_MINUTES;
    const ownVariance = ownVolatility ** 2 / DAY_MINUTES;
    const scale = referencePrice * 10 ** tickDecimals;
    const prices = new Float64Array(DAY_MINUTES + 1);
    const wander = new Float32Array(DAY_MINUTES + 1);
    for (let minute = 0; minute <= DAY_MINUTES; minute++) {
      const deviation = Math.sqrt((factors[minute] ?? 0) * marketVariance + (ownFactors[minute] ?? 0) * ownVariance);
      const flicker = FLICKER * deviation * toGaussian(bitsAt(this.#flickerKey, day * DAY_MINUTES + minute));
      const price = scale * Math.exp(beta * (levels[minute] ?? 0) + (ownLevels[minute] ?? 0) + flicker);
      prices[minute] = price;
      wander[minute] = price * deviation;
    }
    return { day, prices, wander, firstOrderIds: this.#dealOrders(day, ownFactors) };
  }

  /** Deals the day's orders out to its minutes. The last minute of a day and the very first minute of the pair always trade. */
  #dealOrders(day: number, factors: Float64Array): Uint32Array {
    const { ordersPerDay, listedTime } = this.#profile;
    const firstMinute = day === this.#firstDay ? minuteOfDay(listedTime) : 0;
    const shares = new Float64Array(DAY_MINUTES);
    let total = 0;
    for (let minute = firstMinute; minute < DAY_MINUTES; minute++) {
      const crowd = 0.4 - 0.6 * Math.log(toUniform(bitsAt(this.#crowdKey, day * DAY_MINUTES + minute)));
      shares[minute] = crowd * Math.sqrt(factors[minute] ?? 0);
      total += shares[minute] ?? 0;
    }
    const reserved = day === this.#firstDay ? 2 : 1;
    const first = (day - this.#firstDay) * ordersPerDay;
    const ids = new Uint32Array(DAY_MINUTES + 1);
    let dealt = 0;
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      const opening = day === this.#firstDay && minute > firstMinute ? 1 : 0;
      ids[minute] = first + opening + Math.floor(((ordersPerDay - reserved) * dealt) / total);
      dealt += shares[minute] ?? 0;
    }
    ids[DAY_MINUTES] = first + ordersPerDay;
    return ids;
  }
}
