import { type DepthLevel, toDecimal } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookSync } from './book-sync.ts';
import { type DepthChange, type DepthSnapshot, OrderBook } from './order-book.ts';

const level = (price: number, size: number): DepthLevel => [toDecimal((price / 100).toFixed(2)), toDecimal(size.toFixed(8))];

function aSnapshot(lastUpdateId: number, bids: DepthLevel[] = [], asks: DepthLevel[] = [], limit = 1_000): DepthSnapshot {
  return { lastUpdateId, bids, asks, limit };
}

function aChange(firstUpdateId: number, lastUpdateId: number, bids: DepthLevel[] = [], asks: DepthLevel[] = []): DepthChange {
  return { firstUpdateId, lastUpdateId, bids, asks };
}

describe('OrderBook', () => {
  it('orders prices by value, sets and removes levels, and keeps the text of each', () => {
    const [low, high] = [toDecimal('9.50'), toDecimal('10.5')];
    const book = new OrderBook(
      aSnapshot(
        5,
        [
          [low, toDecimal('1.0')],
          [high, toDecimal('2')],
        ],
        [level(1_100, 3)],
      ),
    );
    expect(book.best('bids', 9)).toEqual([
      ['10.5', '2'],
      ['9.50', '1.0'],
    ]);
    expect(book.apply(aChange(6, 7, [[high, toDecimal('0.00000000')], level(1_000, 4)], [level(1_050, 0), level(1_050, 5)]))).toBe(
      'applied',
    );
    expect(book.best('bids', 9)).toEqual([
      ['10.00', '4.00000000'],
      ['9.50', '1.0'],
    ]);
    expect(book.best('asks', 1)).toEqual([['10.50', '5.00000000']]);
    expect(book.lastUpdateId).toBe(7);
  });

  it('takes only what goes on from it', () => {
    const book = new OrderBook(aSnapshot(10));
    expect(book.apply(aChange(5, 10, [level(1, 1)]))).toBe('old');
    expect(book.apply(aChange(12, 13, [level(1, 1)]))).toBe('gap');
    expect(book.best('bids', 9)).toEqual([]);
    expect(book.apply(aChange(8, 11, [level(2, 1)]))).toBe('applied');
    expect(book.apply(aChange(12, 12))).toBe('applied');
    expect(book.best('bids', 9)).toEqual([level(2, 1)]);
  });

  it('knows how far the snapshot reached', () => {
    const asks = [101, 102, 103].map((price) => level(price, 1));
    const book = new OrderBook(aSnapshot(1, [level(100, 1)], asks, 3));
    expect([book.reaches(3), book.reaches(4)]).toEqual([true, false]);
    book.apply(aChange(2, 2, [], [level(101, 0), level(104, 1)]));
    expect(book.best('asks', 3)).toHaveLength(3);
    expect([book.reaches(2), book.reaches(3)]).toEqual([true, false]);
  });

  it('says when it cannot be true', () => {
    const book = new OrderBook(aSnapshot(1, [level(100, 1)], [level(101, 1)]));
    expect(book.isCrossed).toBe(false);
    book.apply(aChange(2, 2, [level(101, 1)]));
    expect(book.isCrossed).toBe(true);
  });
});

describe('BookSync', () => {
  it('wants another snapshot when one is older than the first change, and begins anew after a gap', () => {
    const sync = new BookSync();
    sync.take(aChange(10, 12));
    expect(sync.offer(aSnapshot(8))).toBe('too_old');
    expect(sync.book).toBeUndefined();
    expect(sync.offer(aSnapshot(9))).toBe('synced');
    expect(sync.book?.lastUpdateId).toBe(12);
    expect(sync.take(aChange(14, 15))).toBe('gap');
    expect(sync.book).toBeUndefined();
    expect(sync.offer(aSnapshot(14, [level(1, 1)]))).toBe('synced');
    expect(sync.book?.lastUpdateId).toBe(15);
  });

  it('keeps a bounded number of changes', () => {
    const sync = new BookSync();
    const reasons = Array.from({ length: 2_001 }, (_, index) => sync.take(aChange(index + 1, index + 1)));
    expect(reasons.filter((reason) => reason !== undefined)).toEqual(['buffer_full']);
  });

  it('whenever it is in step equals the truth, whatever is lost, repeated or late', () => {
    const move = fc.record({ isBid: fc.boolean(), price: fc.integer({ min: 1, max: 12 }), size: fc.integer({ min: 0, max: 3 }) });
    const step = fc.record({
      moves: fc.array(move, { minLength: 1, maxLength: 4 }),
      fate: fc.constantFrom('sent', 'sent', 'sent', 'sent', 'twice', 'lost', 'late'),
      snapshotAge: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 2 }),
    });
    let synced = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const sync = new BookSync();
        const truth = { bids: new Map<string, DepthLevel>(), asks: new Map<string, DepthLevel>() };
        const history = [aSnapshot(0)];
        const late: DepthChange[] = [];
        let id = 0;
        for (const { moves, fate, snapshotAge } of steps) {
          const levels = { bids: [] as DepthLevel[], asks: [] as DepthLevel[] };
          for (const { isBid, price, size } of moves) {
            const side = isBid ? 'bids' : 'asks';
            const changed = level(isBid ? price : price + 100, size);
            levels[side].push(changed);
            if (size === 0) truth[side].delete(changed[0]);
            else truth[side].set(changed[0], changed);
          }
          const change = aChange(id + 1, id + moves.length, levels.bids, levels.asks);
          id += moves.length;
          history.push(aSnapshot(id, [...truth.bids.values()], [...truth.asks.values()]));
          if (fate === 'late') late.push(change);
          else if (fate !== 'lost') {
            sync.take(change);
            if (fate === 'twice') sync.take(change);
            for (const old of late.splice(0)) sync.take(old);
          }
          if (snapshotAge !== null && !sync.book) sync.offer(history.at(-1 - Math.min(snapshotAge, history.length - 1)) as DepthSnapshot);
          const { book } = sync;
          if (!book) continue;
          synced += 1;
          const then = history.find(({ lastUpdateId }) => lastUpdateId === book.lastUpdateId);
          expect(new Map(book.best('bids', 99))).toEqual(new Map(then?.bids));
          expect(new Map(book.best('asks', 99))).toEqual(new Map(then?.asks));
        }
      }),
      { numRuns: 500 },
    );
    expect(synced).toBeGreaterThan(1_000);
  });
});
