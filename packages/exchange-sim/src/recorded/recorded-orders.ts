import { type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { bitsAt, RandomRun } from '../market/random.ts';
import type { TakerOrder } from '../market/symbol-market.ts';
import { fromUnits8, type RecordedRow, toUnits8 } from './recorded-row.ts';

/** A recorded minute with volume is replayed as so many orders: fewer than there were, enough to move the open candle. */
export const ORDERS_PER_ROW = 12;

/**
 * Makes up orders that lead from the recorded open through low and high (the far one first) to the close and whose quantities add up
 * to the recorded volume. `rowNumber` counts the traded rows and gives the ids; `tickUnits` is the price step in 10^-8.
 */
export function toOrders(row: RecordedRow, rowNumber: number, tickUnits: number): TakerOrder[] {
  const run = new RandomRun(bitsAt(rowNumber, row.openTime / MINUTE_MS));
  const [open, high, low, close] = [row.open, row.high, row.low, row.close].map((price) => Number.parseInt(toUnits8(price).toString(), 10));
  const prices = walkPrices({ open: open ?? 0, high: high ?? 0, low: low ?? 0, close: close ?? 0 }, tickUnits, run);
  const volume = toUnits8(row.volume);
  const buys = row.takerBuyBase === null || volume === 0n ? ORDERS_PER_ROW / 2 : countOf((toUnits8(row.takerBuyBase) * 24n) / volume);
  return prices.map((priceUnits, index) => {
    const id = rowNumber * ORDERS_PER_ROW + index;
    return {
      id,
      time: Math.floor(row.openTime + ((index + run.nextUniform()) / ORDERS_PER_ROW) * (MINUTE_MS - 500)) as EpochMs,
      priceUnits,
      price: fromUnits8(BigInt(priceUnits)),
      quantity: fromUnits8(shareOf(volume, index + 1) - shareOf(volume, index)),
      firstTradeId: id,
      lastTradeId: id,
      // The taker's share of buys, spread evenly over the orders.
      isBuyerMaker: Math.floor(((index + 1) * buys) / ORDERS_PER_ROW) === Math.floor((index * buys) / ORDERS_PER_ROW),
    };
  });
}

/** Returns what the first `orders` of a row's orders make of an amount of the row. */
export function shareOf(amount: bigint, orders: number): bigint {
  return (amount * BigInt(orders)) / BigInt(ORDERS_PER_ROW);
}

function countOf(doubled: bigint): number {
  return Math.ceil(Number.parseInt(doubled.toString(), 10) / 2);
}

function walkPrices(prices: { open: number; high: number; low: number; close: number }, tickUnits: number, run: RandomRun): number[] {
  const { open, high, low, close } = prices;
  // A rising minute dips first, a falling one rises first: the usual way to read a candle.
  const [first, second] = close >= open ? [low, high] : [high, low];
  const turns = [
    { at: 0, price: open },
    { at: 2 + (run.nextBits() % 3), price: first },
    { at: 6 + (run.nextBits() % 4), price: second },
    { at: ORDERS_PER_ROW - 1, price: close },
  ];
  const walked: number[] = [];
  for (let index = 0; index < ORDERS_PER_ROW; index++) {
    const right = turns.find((turn) => turn.at >= index) ?? { at: 0, price: close };
    const left = turns.findLast((turn) => turn.at <= index) ?? right;
    if (left.at === right.at) {
      walked.push(left.price);
      continue;
    }
    const along = (index - left.at + (run.nextUniform() - 0.5) * 0.8) / (right.at - left.at);
    const price = Math.round((left.price + (right.price - left.price) * along) / tickUnits) * tickUnits;
    walked.push(Math.min(high, Math.max(low, price)));
  }
  return walked;
}
