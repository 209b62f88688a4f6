import { AppError, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { foldRows } from '../recorded/fold-rows.ts';
import { emptyKline, foldOrders } from './fold-orders.ts';
import type { Plant } from './plant.ts';
import { RecentValues } from './recent-values.ts';
import type { Fill, Kline, Listing, SymbolMarket, TakerOrder } from './symbol-market.ts';

type HolePlant = Extract<Plant, { kind: 'hole' }> & { readonly orders: number; readonly trades: number };
type OffGridPlant = Extract<Plant, { kind: 'offGrid' }>;

/**
 * A pair with the anomalies that were planted into it: every view shows them alike. Ids go on without a hole where the venue stood still,
 * as if the orders of that time had never been. Without plants it is the pair itself.
 */
export class PlantedSymbol implements SymbolMarket {
  readonly #inner: SymbolMarket;
  /** Oldest first; they do not overlap. */
  readonly #holes: HolePlant[] = [];
  readonly #offGrids: OffGridPlant[] = [];
  readonly #rows = new RecentValues<EpochMs, readonly Kline[]>(4_096);
  /** The latest time up to which somebody has seen the pair. */
  #seenUntil = Number.NEGATIVE_INFINITY;

  constructor(inner: SymbolMarket) {
    this.#inner = inner;
  }

  get listing(): Listing {
    return this.#inner.listing;
  }
  get firstTime(): EpochMs {
    return this.#inner.firstTime;
  }
  get endTime(): EpochMs | undefined {
    return this.#inner.endTime;
  }
  get plants(): readonly Plant[] {
    return [...this.#holes.map(({ from, to }): Plant => ({ kind: 'hole', from, to })), ...this.#offGrids];
  }

  /**
   * Plants an anomaly and returns how many minutes it takes or moves. Throws `plant_invalid` for a range off the minutes or over another
   * one, and `plant_too_late` when somebody has seen the pair at or after its beginning: history does not change.
   */
  plant(plant: Plant): number {
    const { from, to } = plant;
    if (from % MINUTE_MS !== 0 || to % MINUTE_MS !== 0 || from >= to)
      throw new AppError('plant_invalid', `[${from}, ${to}) is not a range of whole minutes`);
    if (this.plants.some((other) => from < other.to && other.from < to))
      throw new AppError('plant_invalid', `[${from}, ${to}) overlaps another hole or range off the grid`);
    if (from <= this.#seenUntil)
      throw new AppError('plant_too_late', `${this.listing.symbol} has been read up to ${this.#seenUntil} already`);
    if (plant.kind === 'offGrid') {
      this.#offGrids.push(plant);
    } else {
      const before = this.#inner.findLastOrder((from - 1) as EpochMs);
      const last = this.#inner.findLastOrder((to - 1) as EpochMs);
      const orders = (last?.id ?? -1) - (before?.id ?? -1);
      this.#holes.push({ ...plant, orders, trades: (last?.lastTradeId ?? -1) - (before?.lastTradeId ?? -1) });
      this.#holes.sort((a, b) => a.from - b.from);
    }
    return (to - Math.max(from, this.firstTime)) / MINUTE_MS;
  }

  *minutesFrom(from: EpochMs, now: EpochMs): Generator<Kline> {
    this.#see(now);
    if (this.#isPlain) return yield* this.#inner.minutesFrom(from, now);
    const first = Math.floor(Math.max(from, this.firstTime) / MINUTE_MS) * MINUTE_MS;
    for (let minute = first; minute <= now && !this.#isOver(minute); minute += MINUTE_MS) {
      const hole = this.#holeAt(minute as EpochMs);
      if (hole) minute = hole.to - MINUTE_MS;
      else for (const row of this.#rowsOf(minute as EpochMs, now)) if (row.openTime >= from) yield row;
    }
  }

  *minutesBackFrom(until: EpochMs, now: EpochMs): Generator<Kline> {
    this.#see(now);
    if (this.#isPlain) return yield* this.#inner.minutesBackFrom(until, now);
    for (let minute = Math.floor(Math.min(until, now) / MINUTE_MS) * MINUTE_MS; minute >= this.firstTime - MINUTE_MS; minute -= MINUTE_MS) {
      const hole = this.#holeAt(minute as EpochMs);
      if (hole) minute = hole.from;
      else for (const row of this.#rowsOf(minute as EpochMs, now).toReversed()) if (row.openTime <= until) yield row;
    }
  }

  fold(from: EpochMs, to: EpochMs, now: EpochMs): Kline | undefined {
    this.#see(now);
    if (!this.#isPlain && this.plants.some((plant) => from < plant.to && plant.from < to)) return this.#foldAround(from, to, now);
    const kline = this.#inner.fold(from, to, now);
    return kline && this.#settle(kline);
  }

  *ordersBetween(after: EpochMs, until: EpochMs): Generator<TakerOrder> {
    // Streams read on without an end: they have seen what they were given.
    if (Number.isFinite(until)) this.#see(until);
    for (const order of this.#inner.ordersBetween(after, until)) {
      this.#see(order.time);
      if (!this.#holeAt(order.time)) yield this.#renumber(order);
    }
  }

  *ordersFromId(id: number, now: EpochMs): Generator<TakerOrder> {
    this.#see(now);
    for (const order of this.#inner.ordersFromId(this.#innerId(id, 'orders'), now))
      if (!this.#holeAt(order.time)) yield this.#renumber(order);
  }

  findLastOrder(now: EpochMs): TakerOrder | undefined {
    this.#see(now);
    const last = this.#inner.findLastOrder(now);
    const hole = last && this.#holeAt(last.time);
    if (hole) return this.findLastOrder((hole.from - 1) as EpochMs);
    return last && this.#renumber(last);
  }

  orderIdOfTrade(tradeId: number): number {
    const inner = this.#inner.orderIdOfTrade(this.#innerId(tradeId, 'trades'));
    return inner - this.#lostBefore((hole) => this.#innerFirst(hole, 'orders') <= inner, 'orders');
  }

  fillsOf(order: TakerOrder): readonly Fill[] {
    if (this.#holes.length === 0) return this.#inner.fillsOf(order);
    const [orders, trades] = (['orders', 'trades'] as const).map((what) => this.#lostBefore((hole) => hole.from <= order.time, what));
    const inner = {
      ...order,
      id: order.id + (orders ?? 0),
      firstTradeId: order.firstTradeId + (trades ?? 0),
      lastTradeId: order.lastTradeId + (trades ?? 0),
    };
    return this.#inner.fillsOf(inner).map((fill) => ({ ...fill, id: fill.id - (trades ?? 0) }));
  }

  get #isPlain(): boolean {
    return this.#holes.length + this.#offGrids.length === 0;
  }

  #isOver(minute: number): boolean {
    return this.endTime !== undefined && minute >= this.endTime;
  }

  #see(time: EpochMs): void {
    if (time > this.#seenUntil) this.#seenUntil = time;
  }

  #holeAt(time: EpochMs): HolePlant | undefined {
    return this.#holes.find(({ from, to }) => from <= time && time < to);
  }

  /** The rows whose open time lies in a minute. */
  #rowsOf(minute: EpochMs, now: EpochMs): readonly Kline[] {
    if (this.#holeAt(minute)) return [];
    const plant = this.#offGrids.find(({ from, to }) => from <= minute && minute < to);
    const end = (minute + MINUTE_MS) as EpochMs;
    if (!plant) return [...minutesIn(this.#inner, minute, end, now)].map((kline) => this.#settle(kline));
    const isOld = end + MINUTE_MS <= now;
    return isOld ? this.#rows.get(minute, () => this.#shiftedRows(plant, minute, now)) : this.#shiftedRows(plant, minute, now);
  }

  #shiftedRows({ from, to, shiftMs }: OffGridPlant, minute: EpochMs, now: EpochMs): Kline[] {
    const middle = (minute + shiftMs) as EpochMs;
    const end = (minute + MINUTE_MS === to ? to : middle + MINUTE_MS) as EpochMs;
    const rows = minute === from ? [this.#row(minute, middle, now)] : [];
    return middle <= now ? [...rows, this.#row(middle, end, now)] : rows;
  }

  #row(from: EpochMs, to: EpochMs, now: EpochMs): Kline {
    const before = (from - 1) as EpochMs;
    const orders = this.ordersBetween(before, Math.min(to - 1, now) as EpochMs);
    const closeTime = (to - 1) as EpochMs;
    return foldOrders(this, from, closeTime, orders) ?? emptyKline(from, closeTime, this.findLastOrder(before)?.price ?? '0.00000000');
  }

  #foldAround(from: EpochMs, to: EpochMs, now: EpochMs): Kline | undefined {
    const rows = [...this.#rowsIn(from, to, now)];
    const [only] = rows;
    if (to - from === MINUTE_MS && rows.length === 1) return only;
    const folded = foldRows(from, (to - 1) as EpochMs, rows);
    const traded = rows.filter(({ firstTradeId }) => firstTradeId !== -1);
    const [first, last] = [traded[0], traded.at(-1)];
    return folded && { ...folded, firstTradeId: first ? first.firstTradeId : -1, lastTradeId: last ? last.lastTradeId : -1 };
  }

  *#rowsIn(from: EpochMs, to: EpochMs, now: EpochMs): Generator<Kline> {
    for (const row of this.minutesFrom(from, now)) {
      if (row.openTime >= to) return;
      yield row;
    }
  }

  /** A kline of the pair without the holes, as it is with them: its ids, and its price when nobody has traded since. */
  #settle(kline: Kline): Kline {
    if (this.#holes.length === 0) return kline;
    const trades = this.#lostBefore((hole) => hole.from <= kline.openTime, 'trades');
    if (kline.firstTradeId === null || kline.lastTradeId === null || trades === 0) return kline;
    if (kline.firstTradeId >= 0) return { ...kline, firstTradeId: kline.firstTradeId - trades, lastTradeId: kline.lastTradeId - trades };
    const price = this.findLastOrder(kline.openTime)?.price ?? kline.close;
    return { ...kline, open: price, high: price, low: price, close: price };
  }

  #renumber(order: TakerOrder): TakerOrder {
    if (this.#holes.length === 0) return order;
    const trades = this.#lostBefore((hole) => hole.from <= order.time, 'trades');
    return {
      ...order,
      id: order.id - this.#lostBefore((hole) => hole.from <= order.time, 'orders'),
      firstTradeId: order.firstTradeId - trades,
      lastTradeId: order.lastTradeId - trades,
    };
  }

  #lostBefore(isBefore: (hole: HolePlant) => boolean, what: 'orders' | 'trades'): number {
    return this.#holes.reduce((sum, hole) => sum + (isBefore(hole) ? hole[what] : 0), 0);
  }

  /** The id that the pair without the holes has for one that is shown. */
  #innerId(id: number, what: 'orders' | 'trades'): number {
    let inner = id;
    for (const hole of this.#holes) if (this.#innerFirst(hole, what) <= inner) inner += hole[what];
    return inner;
  }

  /** The first id that falls into a hole. */
  #innerFirst(hole: HolePlant, what: 'orders' | 'trades'): number {
    const before = this.#inner.findLastOrder((hole.from - 1) as EpochMs);
    return ((what === 'orders' ? before?.id : before?.lastTradeId) ?? -1) + 1;
  }
}

function* minutesIn(symbol: SymbolMarket, from: EpochMs, to: EpochMs, now: EpochMs): Generator<Kline> {
  for (const kline of symbol.minutesFrom(from, now)) {
    if (kline.openTime >= to) return;
    yield kline;
  }
}
