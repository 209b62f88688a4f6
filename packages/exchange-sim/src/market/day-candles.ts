import type { DayPlan } from './day-plan.ts';
import type { MinuteOrders, OrderColumns } from './minute-orders.ts';
import { DAY_MINUTES } from './venue-day.ts';

/** Sums over a run of orders, in whole numbers: prices in ticks, base amounts in steps, quote amounts in ticks × steps. */
export interface OrderSums {
  open: number;
  high: number;
  low: number;
  close: number;
  base: number;
  quote: number;
  takerBase: number;
  takerQuote: number;
}

/** The 1,440 closed minutes of a day as columns of whole numbers; minutes without orders carry the close before them. */
export type DayCandles = { readonly [K in keyof OrderSums]: Float64Array };

/** Sums the first `count` orders; without any, all prices are `closeBefore`. */
export function sumOrders(orders: OrderColumns, count: number, closeBefore: number): OrderSums {
  const sums = {
    open: closeBefore,
    high: closeBefore,
    low: closeBefore,
    close: closeBefore,
    base: 0,
    quote: 0,
    takerBase: 0,
    takerQuote: 0,
  };
  if (count === 0) return sums;
  sums.open = orders.ticks[0] ?? 0;
  sums.high = sums.open;
  sums.low = sums.open;
  for (let index = 0; index < count; index++) {
    const ticks = orders.ticks[index] ?? 0;
    const steps = orders.steps[index] ?? 0;
    if (ticks > sums.high) sums.high = ticks;
    if (ticks < sums.low) sums.low = ticks;
    sums.base += steps;
    sums.quote += ticks * steps;
    if (orders.buys[index] === 1) {
      sums.takerBase += steps;
      sums.takerQuote += ticks * steps;
    }
  }
  sums.close = orders.ticks[count - 1] ?? 0;
  return sums;
}

/** Draws and sums every minute of a day. `closeBefore` is the last price of the day before, in ticks. */
export function toDayCandles(plan: DayPlan, orders: MinuteOrders, closeBefore: number): DayCandles {
  const column = () => new Float64Array(DAY_MINUTES);
  const candles = {
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    base: column(),
    quote: column(),
    takerBase: column(),
    takerQuote: column(),
  };
  let close = closeBefore;
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const drawn = orders.draw(plan, minute);
    const sums = sumOrders(drawn, drawn.count, close);
    candles.open[minute] = sums.open;
    candles.high[minute] = sums.high;
    candles.low[minute] = sums.low;
    candles.close[minute] = sums.close;
    candles.base[minute] = sums.base;
    candles.quote[minute] = sums.quote;
    candles.takerBase[minute] = sums.takerBase;
    candles.takerQuote[minute] = sums.takerQuote;
    close = sums.close;
  }
  return candles;
}
