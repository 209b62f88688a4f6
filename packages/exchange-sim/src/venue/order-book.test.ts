import type { EpochMs } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSimulatedMarket } from '../market/simulated-market.ts';
import { type Level, OrderBook } from './order-book.ts';

const NOW = Date.UTC(2026, 10, 20, 12) as EpochMs;
const symbols = [...createSimulatedMarket({ seed: 3, symbols: [] }).symbols.values()].slice(0, 11);
const units = (text: string) => BigInt(text.replace('.', ''));

describe('OrderBook', () => {
  it('is sorted, uncrossed and touches the last trade', () => {
    for (const symbol of symbols) {
      const book = new OrderBook(symbol, 250);
      const step = book.stepAt(NOW);
      const shown = book.book(step);
      const prices = [...(shown?.bids ?? [])]
        .reverse()
        .concat(shown?.asks ?? [])
        .map(([price]) => units(price));
      for (const [index, price] of prices.entries()) if (index > 0) expect(price).toBeGreaterThan(prices[index - 1] ?? price);
      for (const [, quantity] of [...(shown?.bids ?? []), ...(shown?.asks ?? [])]) expect(units(quantity)).toBeGreaterThan(0n);
      const last = symbol.findLastOrder((step * 250) as EpochMs);
      expect([shown?.bids[0]?.[0], shown?.asks[0]?.[0]]).toContain(last?.price);
      const top = book.top(step);
      expect([top?.bid, top?.ask, top?.updateId]).toEqual([shown?.bids[0], shown?.asks[0], shown?.updateId]);
    }
  });

  it('turns into any later book by its changes, wherever they are cut, and from any snapshot in between', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...symbols),
        fc.nat(10_000),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
        fc.nat(11),
        (symbol, back, cuts, late) => {
          const book = new OrderBook(symbol, 250);
          let step = book.stepAt(NOW) - 100 - back;
          // The documented procedure: the snapshot may fall inside the first change.
          const snapshot = book.book(step + (late % (cuts[0] ?? 1)));
          const sides = { bids: new Map(snapshot?.bids), asks: new Map(snapshot?.asks) };
          let updateId = book.book(step)?.updateId ?? 0;
          for (const cut of cuts) {
            const change = book.changes(step, step + cut);
            step += cut;
            if (!change) continue;
            expect(change.firstUpdateId).toBe(updateId + 1);
            expect(change.lastUpdateId).toBeGreaterThanOrEqual(change.firstUpdateId);
            updateId = change.lastUpdateId;
            for (const side of ['bids', 'asks'] as const) apply(sides[side], change[side]);
          }
          const wanted = book.book(step);
          expect(updateId).toBe(wanted?.updateId);
          for (const side of ['bids', 'asks'] as const)
            expect(new Map([...sides[side]].sort())).toEqual(new Map([...(wanted?.[side] ?? [])].sort()));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('has no book before the first trade', () => {
    const [symbol] = symbols;
    if (!symbol) throw new RangeError('no symbol');
    expect(new OrderBook(symbol, 250).book(1_000)).toBeUndefined();
  });
});

function apply(levels: Map<string, string>, changes: readonly Level[]): void {
  for (const [price, quantity] of changes) {
    if (/[1-9]/.test(quantity)) levels.set(price, quantity);
    else levels.delete(price);
  }
}
