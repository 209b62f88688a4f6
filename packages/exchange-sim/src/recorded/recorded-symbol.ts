import { type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { RecentValues } from '../market/recent-values.ts';
import type { Fill, Kline, Listing, SymbolMarket, TakerOrder } from '../market/symbol-market.ts';
import { foldRows } from './fold-rows.ts';
import { lineText, type MergedRows, type ScannedFile } from './merge-rows.ts';
import { ORDERS_PER_ROW, shareOf, toOrders } from './recorded-orders.ts';
import { fromUnits8, type RecordedRow, readRow, toUnits8 } from './recorded-row.ts';

/**
 * A recorded pair. Closed minutes are the recording's rows, text for text; missing minutes stay missing. The minute that is open is played
 * from made-up orders, and trade ids are made up too, so klines have none.
 */
export class RecordedSymbol implements SymbolMarket {
  readonly listing: Listing;
  readonly firstTime: EpochMs;
  readonly endTime: EpochMs;
  readonly #files: readonly ScannedFile[];
  readonly #rows: MergedRows;
  /** How many rows with volume come before each row. */
  readonly #tradedBefore: Uint32Array;
  readonly #tickUnits: number;
  readonly #folds = new RecentValues<EpochMs, { end: EpochMs; kline: Kline | undefined }>(64);
  /** The orders of the row that was asked for last: the running minute is asked for again and again. */
  #lastOrders: { index: number; orders: readonly TakerOrder[] } = { index: -1, orders: [] };

  constructor(listing: Listing, files: readonly ScannedFile[], rows: MergedRows) {
    this.listing = listing;
    this.#files = files;
    this.#rows = rows;
    this.#tickUnits = 10 ** (8 - listing.tickDecimals);
    this.#tradedBefore = new Uint32Array(rows.count + 1);
    for (let index = 0; index < rows.count; index++) {
      const isTraded = files[rows.files[index] ?? 0]?.rows.traded[rows.places[index] ?? 0] ?? 0;
      this.#tradedBefore[index + 1] = (this.#tradedBefore[index] ?? 0) + isTraded;
    }
    this.firstTime = this.#timeAt(0);
    this.endTime = (this.#timeAt(rows.count - 1) + MINUTE_MS) as EpochMs;
  }

  *minutesFrom(from: EpochMs, now: EpochMs): Generator<Kline> {
    for (let index = this.#firstAtOrAfter(from); index < this.#rows.count && this.#timeAt(index) <= now; index++) {
      const kline = this.#klineAt(index, now);
      if (kline) yield kline;
    }
  }

  *minutesBackFrom(until: EpochMs, now: EpochMs): Generator<Kline> {
    for (let index = this.#firstAtOrAfter((Math.min(until, now) + 1) as EpochMs) - 1; index >= 0; index--) {
      const kline = this.#klineAt(index, now);
      if (kline) yield kline;
    }
  }

  fold(from: EpochMs, to: EpochMs, now: EpochMs): Kline | undefined {
    // Rows before this are closed even where they are off the grid: what they add up to is kept and only grows.
    const settledEnd = Math.min(to, Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS) as EpochMs;
    const known = this.#folds.get(from, () => ({ end: from, kline: undefined }));
    if (known.end > settledEnd) return foldRows(from, (to - 1) as EpochMs, this.#minutesIn(from, to, now));
    const news = [...this.#minutesIn(known.end, settledEnd, now)];
    known.kline = foldRows(from, (to - 1) as EpochMs, known.kline ? [known.kline, ...news] : news);
    known.end = settledEnd;
    const open = [...this.#minutesIn(settledEnd, to, now)];
    return foldRows(from, (to - 1) as EpochMs, known.kline ? [known.kline, ...open] : open);
  }

  *ordersBetween(after: EpochMs, until: EpochMs): Generator<TakerOrder> {
    const first = this.#firstAtOrAfter((after - MINUTE_MS + 1) as EpochMs);
    for (let index = first; index < this.#rows.count && this.#timeAt(index) <= until; index++) {
      for (const order of this.#ordersAt(index)) {
        if (order.time > until) return;
        if (order.time > after) yield order;
      }
    }
  }

  *ordersFromId(id: number, now: EpochMs): Generator<TakerOrder> {
    const index = this.#indexOfOrder(id);
    if (index >= this.#rows.count) return;
    for (const order of this.ordersBetween((this.#timeAt(index) - 1) as EpochMs, now)) {
      if (order.id >= id) yield order;
    }
  }

  findLastOrder(now: EpochMs): TakerOrder | undefined {
    for (let index = this.#firstAtOrAfter((now + 1) as EpochMs) - 1; index >= 0; index--) {
      const order = this.#ordersAt(index).findLast(({ time }) => time <= now);
      if (order) return order;
    }
    return undefined;
  }

  orderIdOfTrade(tradeId: number): number {
    return tradeId;
  }

  fillsOf({ id, quantity, priceUnits }: TakerOrder): Fill[] {
    const quoteUnits = (toUnits8(quantity) * BigInt(priceUnits)) / 100_000_000n;
    return [{ id, quantity, quoteQuantity: fromUnits8(quoteUnits) }];
  }

  *#minutesIn(from: EpochMs, to: EpochMs, now: EpochMs): Generator<Kline> {
    for (const kline of this.minutesFrom(from, now)) {
      if (kline.openTime >= to) return;
      yield kline;
    }
  }

  #klineAt(index: number, now: EpochMs): Kline | undefined {
    const row = this.#rowAt(index);
    const isClosed = row.openTime + MINUTE_MS <= now;
    return isClosed || !this.#isTraded(index) ? toKline(row) : this.#runningKline(index, row, now);
  }

  /** The row as its orders up to `now` make it: undefined before the first one. */
  #runningKline(index: number, row: RecordedRow, now: EpochMs): Kline | undefined {
    const orders = this.#ordersAt(index).filter(({ time }) => time <= now);
    const [first] = orders;
    const last = orders.at(-1);
    if (!first || !last) return undefined;
    const byPrice = (choose: (...prices: number[]) => number) => fromUnits8(BigInt(choose(...orders.map(({ priceUnits }) => priceUnits))));
    const share = (amount: string | null) => (amount === null ? null : fromUnits8(shareOf(toUnits8(amount), orders.length)));
    return {
      ...toKline(row),
      open: first.price,
      high: byPrice(Math.max),
      low: byPrice(Math.min),
      close: last.price,
      volume: share(row.volume) ?? row.volume,
      quoteVolume: share(row.quoteVolume),
      tradeCount: row.tradeCount === null ? null : Math.ceil((row.tradeCount * orders.length) / ORDERS_PER_ROW),
      takerBuyBase: share(row.takerBuyBase),
      takerBuyQuote: share(row.takerBuyQuote),
    };
  }

  #ordersAt(index: number): readonly TakerOrder[] {
    if (!this.#isTraded(index)) return [];
    if (this.#lastOrders.index !== index) {
      const orders = toOrders(this.#rowAt(index), this.#tradedBefore[index] ?? 0, this.#tickUnits);
      this.#lastOrders = { index, orders };
    }
    return this.#lastOrders.orders;
  }

  #isTraded(index: number): boolean {
    return this.#tradedBefore[index + 1] !== this.#tradedBefore[index];
  }

  #rowAt(index: number): RecordedRow {
    return readRow(lineText(this.#files[this.#rows.files[index] ?? 0], this.#rows.places[index] ?? 0));
  }

  #timeAt(index: number): EpochMs {
    return (this.#rows.times[index] ?? 0) as EpochMs;
  }

  #firstAtOrAfter(time: EpochMs): number {
    return lowerBound(this.#rows.count, (index) => this.#timeAt(index) >= time);
  }

  /** The index of the row whose orders hold this id. */
  #indexOfOrder(id: number): number {
    const wanted = Math.floor(id / ORDERS_PER_ROW);
    return lowerBound(this.#rows.count, (index) => (this.#tradedBefore[index + 1] ?? 0) > wanted);
  }
}

/** A recording names no trades: its klines have no trade ids. */
function toKline({ openTime, closeTime, ...values }: RecordedRow): Kline {
  return { openTime: openTime as EpochMs, closeTime: closeTime as EpochMs, ...values, firstTradeId: null, lastTradeId: null };
}

function lowerBound(count: number, isReached: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
