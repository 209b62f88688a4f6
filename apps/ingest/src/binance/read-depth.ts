import type { DepthLevel } from '@candlecast/domain';
import type { DepthSnapshot } from '../book/order-book.ts';
import { isAmount, isId } from './check-candle.ts';
import { unavailable } from './exchange-error.ts';

/** Returns what is wrong with a side of the book, or undefined when it may be used as levels. */
export function findLevelFault(side: readonly unknown[]): 'shape' | 'price' | 'amount' | undefined {
  for (const level of side) {
    if (!Array.isArray(level) || level.length < 2) return 'shape';
    if (!isAmount(level[0])) return 'price';
    if (!isAmount(level[1])) return 'amount';
  }
  return undefined;
}

/** Reads /api/v3/depth, asked for with `limit` levels. Throws a retryable error when it is not a book. */
export function parseDepthSnapshot(body: unknown, limit: number): DepthSnapshot {
  const { lastUpdateId, bids, asks } = (body ?? {}) as Partial<Record<string, unknown>>;
  if (!isId(lastUpdateId) || !Array.isArray(bids) || !Array.isArray(asks)) throw unavailable('depth did not answer with a book');
  const fault = findLevelFault(bids) ?? findLevelFault(asks);
  if (fault) throw unavailable(`depth answered with a wrong ${fault}`);
  return { lastUpdateId, bids: bids as DepthLevel[], asks: asks as DepthLevel[], limit };
}
