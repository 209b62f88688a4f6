import type { EpochMs } from '@candlecast/domain';
import { toPlaces8 } from '../market/fixed-point.ts';
import { bitsAt, keyOf } from '../market/random.ts';
import { RecentValues } from '../market/recent-values.ts';
import type { SymbolMarket, TakerOrder } from '../market/symbol-market.ts';

/** One price of the book. Quantity zero means that the price has gone. */
export type Level = readonly [price: string, quantity: string];

export interface Book {
  readonly updateId: number;
  /** Best first. */
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

export interface BookTop {
  readonly updateId: number;
  readonly bid: Level;
  readonly ask: Level;
}

/** Everything that changed after one book up to another: `firstUpdateId` follows the one book, `lastUpdateId` is the other's. */
export interface BookChange extends Omit<Book, 'updateId'> {
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
}

const LEVELS = 200;
const UPDATES_PER_STEP = 3;
const SPREAD = 0.00004;
/** Distance between two levels against the price, for pairs whose tick is finer. */
const LEVEL_GAP = 0.00003;
/** Usual value of one level in the quote asset. */
const LEVEL_VALUE = 4_000;
/** Without a trade for so long the book freezes: trading has stopped. */
const FROZEN_AFTER_MS = 600_000;

/**
 * A believable book around the last trade. It is a function of time in steps of `stepMs`, so that the snapshot, the differences and
 * the top of the book always agree, and any of them can be asked for at any time.
 */
export class OrderBook {
  readonly #symbol: SymbolMarket;
  readonly #stepMs: number;
  readonly #key: number;
  readonly #books = new RecentValues<number, Book | undefined>(16);

  constructor(symbol: SymbolMarket, stepMs: number) {
    this.#symbol = symbol;
    this.#stepMs = stepMs;
    this.#key = keyOf(`${symbol.listing.symbol}/book`, 0);
  }

  /** Returns the step that is current at a time. */
  stepAt(time: EpochMs): number {
    return Math.floor(time / this.#stepMs);
  }

  /** Returns the best bid and ask of a step; undefined before the first trade. */
  top(step: number): BookTop | undefined {
    const place = this.#place(step);
    if (!place) return undefined;
    const { bid, ask, steadyStep } = place;
    return { updateId: steadyStep * UPDATES_PER_STEP, bid: this.#level(bid, steadyStep), ask: this.#level(ask, steadyStep) };
  }

  /** Returns the whole book of a step; undefined before the first trade. */
  book(step: number): Book | undefined {
    return this.#books.get(step, () => this.#makeBook(step));
  }

  /** Returns what changed after step `from` up to step `to`: every level that moved on the way, with its quantity at the end. */
  changes(from: number, to: number): BookChange | undefined {
    const moved = { bids: new Map<string, string>(), asks: new Map<string, string>() };
    let before = this.book(from);
    const firstUpdateId = (before?.updateId ?? 0) + 1;
    for (let step = from + 1; step <= to; step++) {
      const after = this.book(step);
      if (!after) continue;
      for (const side of ['bids', 'asks'] as const) noteMoves(moved[side], before?.[side] ?? [], after[side]);
      before = after;
    }
    if (!before || before.updateId < firstUpdateId) return undefined;
    return { firstUpdateId, lastUpdateId: before.updateId, bids: [...moved.bids], asks: [...moved.asks] };
  }

  #makeBook(step: number): Book | undefined {
    const place = this.#place(step);
    if (!place) return undefined;
    const { bid, ask, gap, steadyStep } = place;
    const bids: Level[] = [this.#level(bid, steadyStep)];
    const asks: Level[] = [this.#level(ask, steadyStep)];
    const below = Math.ceil(bid / gap) - 1;
    const above = Math.floor(ask / gap) + 1;
    for (let index = 0; index < LEVELS - 1; index++) {
      if (below - index > 0) bids.push(this.#level((below - index) * gap, steadyStep));
      asks.push(this.#level((above + index) * gap, steadyStep));
    }
    return { updateId: steadyStep * UPDATES_PER_STEP, bids, asks };
  }

  /** Prices in ticks. The last taker traded at the best price of the other side. */
  #place(step: number): { bid: number; ask: number; gap: number; steadyStep: number } | undefined {
    const last: TakerOrder | undefined = this.#symbol.findLastOrder((step * this.#stepMs) as EpochMs);
    if (!last) return undefined;
    const ticks = Math.round(last.priceUnits / 10 ** (8 - this.#symbol.listing.tickDecimals));
    const spread = Math.max(1, Math.round(ticks * SPREAD));
    const bid = Math.max(1, last.isBuyerMaker ? ticks : ticks - spread);
    const gap = Math.max(1, Math.round(ticks * LEVEL_GAP));
    return { bid, ask: bid + spread, gap, steadyStep: Math.min(step, this.stepAt((last.time + FROZEN_AFTER_MS) as EpochMs)) };
  }

  /** A level keeps its quantity for a while of its own, then takes another. */
  #level(ticks: number, step: number): Level {
    const { tickDecimals, stepDecimals } = this.#symbol.listing;
    const own = bitsAt(this.#key, ticks);
    const period = 2 + (own % 19);
    const turn = Math.floor((step + ((own >>> 8) % period)) / period);
    const size = 0.3 / (bitsAt(own, turn) / 4_294_967_296 + 0.05);
    const usual = (LEVEL_VALUE / ticks) * 10 ** (tickDecimals + stepDecimals);
    return [toPlaces8(ticks, tickDecimals), toPlaces8(Math.max(1, Math.round(usual * size)), stepDecimals)];
  }
}

function noteMoves(moved: Map<string, string>, before: readonly Level[], after: readonly Level[]): void {
  const left = new Map(before);
  for (const [price, quantity] of after) {
    if (left.get(price) !== quantity) moved.set(price, quantity);
    left.delete(price);
  }
  for (const price of left.keys()) moved.set(price, '0.00000000');
}
