import { compareDecimals, type Decimal, type DepthLevel } from '@candlecast/domain';
import SortedMap from 'sorted-btree';

/** What changed in the book by the updates `firstUpdateId` to `lastUpdateId`. A level of size zero is gone. */
export interface DepthChange {
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
}

/** The book as a request showed it: at most `limit` levels a side, best first. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  readonly limit: number;
}

/** What a change did: it went on from here, it was known already, or changes before it are missing. */
export type ChangeVerdict = 'applied' | 'old' | 'gap';

type Order = (a: Decimal, b: Decimal) => number;
/** Prices from the best one outwards, with their sizes. */
type Side = SortedMap<Decimal, Decimal>;

const FALLING: Order = (a, b) => compareDecimals(b, a);
const RISING: Order = compareDecimals;

/** One instrument's book, without any I/O: a snapshot and the changes since. Prices and sizes stay the exchange's own text. */
export class OrderBook {
  readonly #bids: Side;
  readonly #asks: Side;
  /** The worst price that the snapshot showed, where it did not show all: nothing is known of what stood beyond it. */
  readonly #bidEdge: Decimal | undefined;
  readonly #askEdge: Decimal | undefined;
  #lastUpdateId: number;

  constructor({ lastUpdateId, bids, asks, limit }: DepthSnapshot) {
    this.#lastUpdateId = lastUpdateId;
    this.#bids = new SortedMap<Decimal, Decimal>(undefined, FALLING);
    this.#asks = new SortedMap<Decimal, Decimal>(undefined, RISING);
    setLevels(this.#bids, bids);
    setLevels(this.#asks, asks);
    this.#bidEdge = bids.length < limit ? undefined : bids.at(-1)?.[0];
    this.#askEdge = asks.length < limit ? undefined : asks.at(-1)?.[0];
  }

  get lastUpdateId(): number {
    return this.#lastUpdateId;
  }

  /** Takes a change; one that does not go on from here leaves the book as it is. */
  apply({ firstUpdateId, lastUpdateId, bids, asks }: DepthChange): ChangeVerdict {
    if (lastUpdateId <= this.#lastUpdateId) return 'old';
    if (firstUpdateId > this.#lastUpdateId + 1) return 'gap';
    setLevels(this.#bids, bids);
    setLevels(this.#asks, asks);
    this.#lastUpdateId = lastUpdateId;
    return 'applied';
  }

  /** Returns the best levels of a side, best first. */
  best(side: 'bids' | 'asks', levels: number): DepthLevel[] {
    const found: DepthLevel[] = [];
    for (const level of side === 'bids' ? this.#bids.entries() : this.#asks.entries()) {
      if (found.length === levels) break;
      found.push([level[0], level[1]]);
    }
    return found;
  }

  /** Tells whether the best `levels` of both sides are certain: the market may have moved to where the snapshot did not reach. */
  reaches(levels: number): boolean {
    return isWithin(this.#bids, FALLING, this.#bidEdge, levels) && isWithin(this.#asks, RISING, this.#askEdge, levels);
  }

  /** Tells whether somebody bids as much as somebody asks, which no true book does. */
  get isCrossed(): boolean {
    const [bid, ask] = [this.#bids.minKey(), this.#asks.minKey()];
    return bid !== undefined && ask !== undefined && compareDecimals(bid, ask) >= 0;
  }
}

function setLevels(side: Side, levels: readonly DepthLevel[]): void {
  for (const [price, size] of levels) {
    if (/[1-9]/.test(size)) side.set(price, size);
    else side.delete(price);
  }
}

function isWithin(side: Side, order: Order, edge: Decimal | undefined, levels: number): boolean {
  if (edge === undefined) return true;
  let counted = 0;
  for (const price of side.keys()) {
    if (counted === levels || order(price, edge) > 0) break;
    counted += 1;
  }
  return counted === levels;
}
