import { type EpochMs, MINUTE_MS } from '@candlecast/domain';
import type { OrderSums } from './day-candles.ts';
import { ExactSum, toPlaces8 } from './fixed-point.ts';
import type { OrderColumns } from './minute-orders.ts';
import { bitsAt, keyOf } from './random.ts';
import type { Fill, Kline, Listing, SymbolMarket, TakerOrder } from './symbol-market.ts';
import { countUntil, type MinutePlace, type SymbolTape } from './symbol-tape.ts';
import { DAY_MINUTES, dayOf, minuteOfDay, minuteStart } from './venue-day.ts';

type Amount = number | bigint;

/** A simulated pair in the exchange's words: the tape's whole numbers as decimal text. */
export class SimulatedSymbol implements SymbolMarket {
  readonly listing: Listing;
  readonly firstTime: EpochMs;
  readonly endTime = undefined;
  readonly #tape: SymbolTape;
  readonly #fillKey: number;

  constructor(tape: SymbolTape, seed: number) {
    this.listing = tape.profile;
    this.firstTime = tape.profile.listedTime;
    this.#tape = tape;
    this.#fillKey = keyOf(`${tape.profile.symbol}/fill-sizes`, seed);
  }

  *minutesFrom(from: EpochMs, now: EpochMs): Generator<Kline> {
    const first = Math.max(this.firstTime, Math.ceil(from / MINUTE_MS) * MINUTE_MS);
    for (let time = first; time <= now; time += MINUTE_MS) yield this.#minute(time as EpochMs, now);
  }

  *minutesBackFrom(until: EpochMs, now: EpochMs): Generator<Kline> {
    const last = Math.floor(Math.min(until, now) / MINUTE_MS) * MINUTE_MS;
    for (let time = last; time >= this.firstTime; time -= MINUTE_MS) yield this.#minute(time as EpochMs, now);
  }

  fold(from: EpochMs, to: EpochMs, now: EpochMs): Kline | undefined {
    const openMinute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    const start = Math.max(from, this.firstTime) as EpochMs;
    const end = Math.min(to, openMinute + MINUTE_MS) as EpochMs;
    if (start >= end) return undefined;
    if (end - start === MINUTE_MS && to - from === MINUTE_MS) return this.#minute(start, now);

    const base = new ExactSum();
    const quote = new ExactSum();
    const takerBase = new ExactSum();
    const takerQuote = new ExactSum();
    const prices = { open: -1, high: 0, low: Number.POSITIVE_INFINITY, close: 0 };
    const add = (open: number, high: number, low: number, close: number) => {
      if (prices.open < 0) prices.open = open;
      if (high > prices.high) prices.high = high;
      if (low < prices.low) prices.low = low;
      prices.close = close;
    };
    const closedEnd = Math.min(end, openMinute);
    for (let time = start; time < closedEnd; ) {
      const day = dayOf(time);
      const candles = this.#tape.candles(day);
      const untilMinute = Math.min(DAY_MINUTES, (closedEnd - minuteStart(day, 0)) / MINUTE_MS);
      for (let minute = minuteOfDay(time); minute < untilMinute; minute++) {
        add(candles.open[minute] ?? 0, candles.high[minute] ?? 0, candles.low[minute] ?? 0, candles.close[minute] ?? 0);
        base.add(candles.base[minute] ?? 0);
        quote.add(candles.quote[minute] ?? 0);
        takerBase.add(candles.takerBase[minute] ?? 0);
        takerQuote.add(candles.takerQuote[minute] ?? 0);
      }
      time = minuteStart(day + 1, 0);
    }
    let endOrderId = this.#firstOrderIdAt(closedEnd as EpochMs);
    if (end > openMinute) {
      const running = this.#tape.runningMinute(now);
      // A minute without a trade so far repeats the close before it, which is no news.
      add(running.sums.open, running.sums.high, running.sums.low, running.sums.close);
      base.add(running.sums.base);
      quote.add(running.sums.quote);
      takerBase.add(running.sums.takerBase);
      takerQuote.add(running.sums.takerQuote);
      endOrderId = running.firstOrderId + running.count;
    }
    const sums = { ...prices, base: base.total(), quote: quote.total(), takerBase: takerBase.total(), takerQuote: takerQuote.total() };
    return this.#toKline(from, to, sums, this.#firstOrderIdAt(start), endOrderId);
  }

  *ordersBetween(after: EpochMs, until: EpochMs): Generator<TakerOrder> {
    const start = Math.max(after + 1, this.firstTime);
    for (let time = Math.floor(start / MINUTE_MS) * MINUTE_MS; time <= until; time += MINUTE_MS) {
      const place = { day: dayOf(time as EpochMs), minute: minuteOfDay(time as EpochMs) };
      for (const order of this.#ordersOf(place)) {
        if (order.time > until) return;
        if (order.time > after) yield order;
      }
    }
  }

  *ordersFromId(id: number, now: EpochMs): Generator<TakerOrder> {
    const place = this.#tape.placeOfOrder(id);
    for (const order of this.ordersBetween((minuteStart(place.day, place.minute) - 1) as EpochMs, now)) {
      if (order.id >= id) yield order;
    }
  }

  findLastOrder(now: EpochMs): TakerOrder | undefined {
    if (now < this.firstTime) return undefined;
    const place = { day: dayOf(now), minute: minuteOfDay(now) };
    const orders = this.#tape.drawMinute(place);
    const lastId = orders.firstId + countUntil(orders, now - minuteStart(place.day, place.minute)) - 1;
    if (lastId < 0) return undefined;
    return lastId >= orders.firstId ? this.#readOrder(place, orders, lastId) : this.#findOrder(lastId);
  }

  orderIdOfTrade(tradeId: number): number {
    return this.#tape.tradeIds.orderOf(tradeId);
  }

  fillsOf({ id, firstTradeId, lastTradeId }: TakerOrder): Fill[] {
    const orders = this.#tape.drawMinute(this.#tape.placeOfOrder(id));
    const ticks = orders.ticks[id - orders.firstId] ?? 0;
    let left = orders.steps[id - orders.firstId] ?? 0;
    const fills: Fill[] = [];
    for (let tradeId = firstTradeId; tradeId <= lastTradeId; tradeId++) {
      const after = lastTradeId - tradeId;
      const steps = after === 0 ? left : 1 + (bitsAt(this.#fillKey, tradeId) % (left - after));
      left -= steps;
      fills.push({ id: tradeId, quantity: this.#baseText(steps), quoteQuantity: this.#quoteText(ticks * steps) });
    }
    return fills;
  }

  #minute(openTime: EpochMs, now: EpochMs): Kline {
    const closeTime = (openTime + MINUTE_MS) as EpochMs;
    if (closeTime > now) {
      const { firstOrderId, count, sums } = this.#tape.runningMinute(now);
      return this.#toKline(openTime, closeTime, sums, firstOrderId, firstOrderId + count);
    }
    const day = dayOf(openTime);
    const minute = minuteOfDay(openTime);
    const candles = this.#tape.candles(day);
    const sums: OrderSums = {
      open: candles.open[minute] ?? 0,
      high: candles.high[minute] ?? 0,
      low: candles.low[minute] ?? 0,
      close: candles.close[minute] ?? 0,
      base: candles.base[minute] ?? 0,
      quote: candles.quote[minute] ?? 0,
      takerBase: candles.takerBase[minute] ?? 0,
      takerQuote: candles.takerQuote[minute] ?? 0,
    };
    const { firstOrderIds } = this.#tape.plan(day);
    return this.#toKline(openTime, closeTime, sums, firstOrderIds[minute] ?? 0, firstOrderIds[minute + 1] ?? 0);
  }

  #toKline(
    from: EpochMs,
    to: EpochMs,
    sums: Omit<OrderSums, 'base' | 'quote' | 'takerBase' | 'takerQuote'> & {
      base: Amount;
      quote: Amount;
      takerBase: Amount;
      takerQuote: Amount;
    },
    firstOrderId: number,
    endOrderId: number,
  ): Kline {
    const firstTradeId = this.#tape.tradeIds.firstTradeOf(firstOrderId);
    const endTradeId = this.#tape.tradeIds.firstTradeOf(endOrderId);
    const hasTraded = endTradeId > firstTradeId;
    return {
      openTime: from,
      closeTime: (to - 1) as EpochMs,
      open: this.#priceText(sums.open),
      high: this.#priceText(sums.high),
      low: this.#priceText(sums.low),
      close: this.#priceText(sums.close),
      volume: this.#baseText(sums.base),
      quoteVolume: this.#quoteText(sums.quote),
      tradeCount: endTradeId - firstTradeId,
      takerBuyBase: this.#baseText(sums.takerBase),
      takerBuyQuote: this.#quoteText(sums.takerQuote),
      firstTradeId: hasTraded ? firstTradeId : -1,
      lastTradeId: hasTraded ? endTradeId - 1 : -1,
    };
  }

  #firstOrderIdAt(minuteTime: EpochMs): number {
    return this.#tape.plan(dayOf(minuteTime)).firstOrderIds[minuteOfDay(minuteTime)] ?? 0;
  }

  #findOrder(id: number): TakerOrder {
    const place = this.#tape.placeOfOrder(id);
    return this.#readOrder(place, this.#tape.drawMinute(place), id);
  }

  #ordersOf(place: MinutePlace): TakerOrder[] {
    const orders = this.#tape.drawMinute(place);
    return Array.from({ length: orders.count }, (_, index) => this.#readOrder(place, orders, orders.firstId + index));
  }

  #readOrder(place: MinutePlace, orders: OrderColumns, id: number): TakerOrder {
    const index = id - orders.firstId;
    const ticks = orders.ticks[index] ?? 0;
    return {
      id,
      time: (minuteStart(place.day, place.minute) + (orders.offsetsMs[index] ?? 0)) as EpochMs,
      priceUnits: ticks * 10 ** (8 - this.listing.tickDecimals),
      price: this.#priceText(ticks),
      quantity: this.#baseText(orders.steps[index] ?? 0),
      firstTradeId: this.#tape.tradeIds.firstTradeOf(id),
      lastTradeId: this.#tape.tradeIds.firstTradeOf(id + 1) - 1,
      isBuyerMaker: orders.buys[index] !== 1,
    };
  }

  #priceText(ticks: number): string {
    return toPlaces8(ticks, this.listing.tickDecimals);
  }

  #baseText(steps: Amount): string {
    return toPlaces8(steps, this.listing.stepDecimals);
  }

  #quoteText(amount: Amount): string {
    return toPlaces8(amount, this.listing.tickDecimals + this.listing.stepDecimals);
  }
}
