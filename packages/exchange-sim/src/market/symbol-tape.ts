import type { EpochMs } from '@candlecast/domain';
import { type DayCandles, type OrderSums, sumOrders, toDayCandles } from './day-candles.ts';
import { type DayPlan, DayPlanner } from './day-plan.ts';
import type { MarketWeather } from './market-weather.ts';
import { MinuteOrders, type OrderColumns } from './minute-orders.ts';
import type { PairProfile } from './pair-profile.ts';
import { keyOf } from './random.ts';
import type { RecentValues } from './recent-values.ts';
import { TradeIds } from './trade-ids.ts';
import { DAY_MINUTES, dayOf, minuteOfDay, minuteStart } from './venue-day.ts';

/** Days of all pairs that were used last: one bound on memory however many pairs there are. */
export interface DayCaches {
  readonly plans: RecentValues<string, DayPlan>;
  readonly candles: RecentValues<string, DayCandles>;
}

/** A minute of a day. */
export interface MinutePlace {
  readonly day: number;
  readonly minute: number;
}

/** One pair's tape in whole numbers, open at any moment: orders by time or id, and the sums of closed and running minutes. */
export class SymbolTape {
  readonly profile: PairProfile;
  readonly tradeIds: TradeIds;
  readonly #planner: DayPlanner;
  readonly #orders: MinuteOrders;
  readonly #caches: DayCaches;
  readonly #firstDay: number;
  /** The last price before the minute that ran last. */
  #closeBefore = { day: -1, minute: -1, ticks: 0 };

  constructor(profile: PairProfile, seed: number, weather: MarketWeather, caches: DayCaches) {
    this.profile = profile;
    this.tradeIds = new TradeIds(keyOf(`${profile.symbol}/fills`, seed));
    this.#planner = new DayPlanner(profile, seed, weather);
    this.#orders = new MinuteOrders(profile, seed, this.tradeIds);
    this.#caches = caches;
    this.#firstDay = dayOf(profile.listedTime);
  }

  /** Returns the frame of a day. */
  plan(day: number): DayPlan {
    return this.#caches.plans.get(`${this.profile.symbol}/${day}`, () => this.#planner.plan(day));
  }

  /** Returns all minutes of a day as if it were over. */
  candles(day: number): DayCandles {
    return this.#caches.candles.get(`${this.profile.symbol}/${day}`, () =>
      toDayCandles(this.plan(day), this.#orders, this.#lastPriceBefore({ day, minute: 0 })),
    );
  }

  /** Returns the orders of a minute; the next call reuses the arrays. */
  drawMinute({ day, minute }: MinutePlace): OrderColumns {
    return this.#orders.draw(this.plan(day), minute);
  }

  /** Returns how many orders of the minute that contains `now` have happened by then, and their sums. */
  runningMinute(now: EpochMs): { firstOrderId: number; count: number; sums: OrderSums } {
    const place = { day: dayOf(now), minute: minuteOfDay(now) };
    if (this.#closeBefore.day !== place.day || this.#closeBefore.minute !== place.minute) {
      this.#closeBefore = { ...place, ticks: this.#lastPriceBefore(place) };
    }
    const orders = this.drawMinute(place);
    const count = countUntil(orders, now - minuteStart(place.day, place.minute));
    return { firstOrderId: orders.firstId, count, sums: sumOrders(orders, count, this.#closeBefore.ticks) };
  }

  /** Returns the minute in which an order happens. */
  placeOfOrder(orderId: number): MinutePlace {
    const day = this.#firstDay + Math.floor(orderId / this.profile.ordersPerDay);
    const { firstOrderIds } = this.plan(day);
    let low = 0;
    let high = DAY_MINUTES;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((firstOrderIds[middle] ?? 0) <= orderId) low = middle;
      else high = middle;
    }
    return { day, minute: low };
  }

  /** Returns the price, in ticks, of the last order before a minute; 0 before the first one. Needs no candles. */
  #lastPriceBefore({ day, minute }: MinutePlace): number {
    const orderId = (this.plan(day).firstOrderIds[minute] ?? 0) - 1;
    if (orderId < 0) return 0;
    const orders = this.drawMinute(this.placeOfOrder(orderId));
    return orders.ticks[orderId - orders.firstId] ?? 0;
  }
}

/** Returns how many of the minute's orders happen at most `offsetMs` after its start. */
export function countUntil(orders: OrderColumns, offsetMs: number): number {
  let count = 0;
  while (count < orders.count && (orders.offsetsMs[count] ?? 0) <= offsetMs) count++;
  return count;
}
