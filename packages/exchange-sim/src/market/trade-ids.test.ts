import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TradeIds } from './trade-ids.ts';

describe('TradeIds', () => {
  const ids = new TradeIds(99);

  it('gives consecutive orders consecutive trades, one to three each', () => {
    expect(ids.firstTradeOf(0)).toBe(0);
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), (orderId) => {
        const fills = ids.firstTradeOf(orderId + 1) - ids.firstTradeOf(orderId);
        expect(fills).toBeGreaterThanOrEqual(1);
        expect(fills).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('finds the order of every trade', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), (tradeId) => {
        const orderId = ids.orderOf(tradeId);
        expect(ids.firstTradeOf(orderId)).toBeLessThanOrEqual(tradeId);
        expect(ids.firstTradeOf(orderId + 1)).toBeGreaterThan(tradeId);
      }),
    );
  });

  it('varies from block to block', () => {
    const patterns = Array.from({ length: 40 }, (_, block) =>
      [0, 1, 2, 3].map((place) => ids.firstTradeOf(block * 8 + place) - block * 12).join(),
    );
    expect(new Set(patterns).size).toBeGreaterThan(4);
  });
});
