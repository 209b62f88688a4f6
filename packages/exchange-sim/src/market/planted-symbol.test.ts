import { type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { findKlines } from '../venue/find-klines.ts';
import { foldOrders } from './fold-orders.ts';
import { PlantedSymbol } from './planted-symbol.ts';
import { createSimulatedMarket } from './simulated-market.ts';
import type { Kline, SymbolMarket } from './symbol-market.ts';

const START = Date.UTC(2026, 4, 20, 10) as EpochMs;
const at = (minutes: number) => (START + minutes * MINUTE_MS) as EpochMs;
const NOW = at(6_000);

function toPair(symbol = 'BTCUSDT'): { readonly bare: SymbolMarket; readonly planted: PlantedSymbol } {
  const bare = createSimulatedMarket({ seed: 4, symbols: [symbol], pairCount: 1 }).symbols.get(symbol);
  if (!bare) throw new Error(`${symbol} is not listed`);
  return { bare, planted: new PlantedSymbol(bare) };
}

function rowsOf(symbol: SymbolMarket, from: number, to: number): Kline[] {
  const rows: Kline[] = [];
  for (const row of symbol.minutesFrom(at(from), NOW)) {
    if (row.openTime >= at(to)) break;
    rows.push(row);
  }
  return rows;
}

function rowsBack(symbol: SymbolMarket, until: number, count: number): Kline[] {
  const rows: Kline[] = [];
  for (const row of symbol.minutesBackFrom(at(until), NOW)) {
    if (rows.length >= count) break;
    rows.unshift(row);
  }
  return rows;
}

function firstOf<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

describe('a hole', () => {
  it('has no row, in either direction, and leaves every other price as it was', () => {
    const { bare, planted } = toPair();
    expect(planted.plant({ kind: 'hole', from: at(60), to: at(1_560) })).toBe(1_500);
    const rows = rowsOf(planted, 0, 1_700);
    expect(rows.map(({ openTime }) => openTime)).toEqual(
      rowsOf(bare, 0, 1_700)
        .map(({ openTime }) => openTime)
        .filter((time) => time < at(60) || time >= at(1_560)),
    );
    expect(rowsBack(planted, 1_699, 200)).toEqual(rows.slice(-200));
    const values = ({ open, high, low, close, volume, quoteVolume, tradeCount }: Kline) => [
      open,
      high,
      low,
      close,
      volume,
      quoteVolume,
      tradeCount,
    ];
    expect(rows.slice(60).map(values)).toEqual(rowsOf(bare, 1_560, 1_700).map(values));
  });

  it('leaves no hole in the ids of trades and orders', () => {
    const { bare, planted } = toPair();
    planted.plant({ kind: 'hole', from: at(60), to: at(90) });
    planted.plant({ kind: 'hole', from: at(95), to: at(3_000) });
    let next: number | null = null;
    for (const { firstTradeId, lastTradeId } of [...rowsOf(planted, 50, 100), ...rowsOf(planted, 3_000, 3_010)]) {
      if (firstTradeId === null || lastTradeId === null || firstTradeId < 0) continue;
      if (next !== null) expect(firstTradeId).toBe(next);
      next = lastTradeId + 1;
    }
    const orders = [...planted.ordersBetween(at(58), at(3_002))];
    expect(orders.map(({ id }) => id)).toEqual(orders.map((_, index) => (orders[0]?.id ?? 0) + index));
    expect(orders.some(({ time }) => time >= at(60) && time < at(90))).toBe(false);
    for (const order of orders) {
      expect(firstOf(planted.ordersFromId(order.id, NOW))).toEqual(order);
      const ids = planted.fillsOf(order).map(({ id }) => id);
      expect([ids[0], ids.at(-1)]).toEqual([order.firstTradeId, order.lastTradeId]);
      for (const id of ids) expect(planted.orderIdOfTrade(id)).toBe(order.id);
    }
    expect(planted.findLastOrder(at(80))).toEqual(planted.findLastOrder((at(60) - 1) as EpochMs));
    expect(bare.findLastOrder(at(80))?.id).toBeGreaterThan(planted.findLastOrder(at(80))?.id ?? 0);
  });

  it('is in every interval: each kline is the sum of the minutes that are left', async () => {
    const { planted } = toPair('POLUSDT');
    planted.plant({ kind: 'hole', from: at(7), to: at(1_450) });
    for (const interval of ['3m', '15m', '1h', '1d'] as const) {
      const found = await findKlines(planted, { interval, offsetMs: 0, startTime: at(-60), endTime: at(1_500), limit: 1_000 }, NOW);
      for (const kline of found) {
        const orders = [...planted.ordersBetween((kline.openTime - 1) as EpochMs, kline.closeTime)];
        const folded = foldOrders(planted, kline.openTime, kline.closeTime, orders);
        if (folded) expect({ ...kline, open: '', high: '', low: '' }).toEqual({ ...folded, open: '', high: '', low: '' });
        else expect(kline).toMatchObject({ tradeCount: 0, firstTradeId: -1, lastTradeId: -1 });
      }
      if (interval !== '1d') expect(found.every(({ openTime }) => openTime < at(7) || openTime >= at(1_440))).toBe(true);
    }
  });

  it('is followed by the price from before it while nobody trades', () => {
    const { bare, planted } = toPair('POLUSDT');
    const quiet = rowsOf(bare, 60, 3_000).find(({ tradeCount }) => tradeCount === 0)?.openTime ?? at(0);
    planted.plant({ kind: 'hole', from: (quiet - 30 * MINUTE_MS) as EpochMs, to: quiet });
    const after = firstOf(planted.minutesFrom(quiet, NOW));
    expect(after?.close).toBe(planted.findLastOrder((quiet - 30 * MINUTE_MS - 1) as EpochMs)?.price);
    expect(after?.close).not.toBe(bare.findLastOrder(quiet)?.price);
  });
});

describe('rows off the grid', () => {
  it('open after the minute, hold every trade once, and stay in every view', async () => {
    const { bare, planted } = toPair();
    const shiftMs = 14_789;
    expect(planted.plant({ kind: 'offGrid', from: at(10), to: at(15), shiftMs })).toBe(5);
    const rows = rowsOf(planted, 8, 17);
    expect(rows.map(({ openTime }) => openTime - START)).toEqual([
      ...[8, 9, 10].map((minute) => minute * MINUTE_MS),
      ...[10, 11, 12, 13, 14].map((minute) => minute * MINUTE_MS + shiftMs),
      ...[15, 16].map((minute) => minute * MINUTE_MS),
    ]);
    for (const [index, row] of rows.entries()) {
      expect((rows[index + 1]?.openTime ?? at(17)) - 1).toBe(row.closeTime);
      const orders = planted.ordersBetween((row.openTime - 1) as EpochMs, row.closeTime);
      const { open: _, high: __, low: ___, ...sums } = foldOrders(planted, row.openTime, row.closeTime, orders) ?? row;
      expect(row).toMatchObject(sums);
    }
    expect(rowsBack(planted, 16, rows.length)).toEqual(rows);
    const query = { interval: '15m', offsetMs: 0, startTime: at(0), endTime: at(15), limit: 10 } as const;
    expect(await findKlines(planted, query, NOW)).toEqual(await findKlines(bare, query, NOW));
  });
});

describe('plants', () => {
  it('are refused over one another, off the minutes, and where history has been read', () => {
    const { planted } = toPair();
    planted.plant({ kind: 'hole', from: at(10), to: at(20) });
    expect(() => planted.plant({ kind: 'offGrid', from: at(19), to: at(25), shiftMs: 5 })).toThrow('overlaps');
    expect(() => planted.plant({ kind: 'hole', from: at(30), to: (at(31) + 1) as EpochMs })).toThrow('whole minutes');
    planted.findLastOrder(at(100));
    expect(() => planted.plant({ kind: 'hole', from: at(99), to: at(101) })).toThrow('already');
    expect(planted.plant({ kind: 'hole', from: at(101), to: at(102) })).toBe(1);
    expect(planted.plants).toHaveLength(2);
  });
});
