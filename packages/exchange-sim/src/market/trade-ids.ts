import { bitsAt } from './random.ts';

/**
 * How trades are numbered: every eight taker orders have twelve fills, dealt out in an order that varies from block to block. So the
 * trade ids of any order can be computed, and the order of any trade, without counting from the start.
 */
export class TradeIds {
  readonly #key: number;

  constructor(key: number) {
    this.#key = key;
  }

  /** Returns the id of the first fill of an order. The first fill of the next order ends its fills. */
  firstTradeOf(orderId: number): number {
    const block = Math.floor(orderId / ORDERS_PER_BLOCK);
    return block * TRADES_PER_BLOCK + (this.#startsOf(block)[orderId % ORDERS_PER_BLOCK] ?? 0);
  }

  /** Returns the id of the order to which a trade belongs. */
  orderOf(tradeId: number): number {
    const block = Math.floor(tradeId / TRADES_PER_BLOCK);
    const place = tradeId % TRADES_PER_BLOCK;
    const next = this.#startsOf(block).findIndex((start) => start > place);
    return block * ORDERS_PER_BLOCK + (next < 0 ? ORDERS_PER_BLOCK : next) - 1;
  }

  #startsOf(block: number): readonly number[] {
    return DEALS[bitsAt(this.#key, block) % ORDERS_PER_BLOCK] ?? [];
  }
}

export const ORDERS_PER_BLOCK = 8;
const FILLS_OF_BLOCK = [1, 1, 2, 1, 1, 3, 2, 1];
const TRADES_PER_BLOCK = 12;

/** For each of the eight rotations of the fills: how many fills of the block come before each order. */
const DEALS: readonly (readonly number[])[] = FILLS_OF_BLOCK.map((_, rotation) => {
  const starts: number[] = [];
  let start = 0;
  for (let place = 0; place < ORDERS_PER_BLOCK; place++) {
    starts.push(start);
    start += FILLS_OF_BLOCK[(place + rotation) % ORDERS_PER_BLOCK] ?? 0;
  }
  return starts;
});
