import {
  addDecimals,
  type CandleValues,
  DAY_MS,
  type Decimal,
  type EpochMs,
  foldCandles,
  MINUTE_MS,
  multiplyDecimals,
} from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSimulatedMarket } from './simulated-market.ts';
import type { Kline, SymbolMarket } from './symbol-market.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 34, 56, 789) as EpochMs;
const market = createSimulatedMarket({ seed: 7, symbols: [] });
const symbols = [...market.symbols.values()];
const anySymbol = fc.constantFrom(...symbols);
const anyMinute = fc
  .integer({ min: 1, max: 400 * 1_440 })
  .map((ago) => (Math.floor(NOW / MINUTE_MS) * MINUTE_MS - ago * MINUTE_MS) as EpochMs);

function find(symbol: string): SymbolMarket {
  const found = market.symbols.get(symbol);
  if (!found) throw new RangeError(`no ${symbol}`);
  return found;
}

function toCandle(kline: Kline): CandleValues {
  return {
    openTime: kline.openTime,
    open: kline.open as Decimal,
    high: kline.high as Decimal,
    low: kline.low as Decimal,
    close: kline.close as Decimal,
    baseVolume: kline.volume as Decimal,
    quoteVolume: kline.quoteVolume as Decimal,
    tradeCount: kline.tradeCount,
    takerBuyBaseVolume: kline.takerBuyBase as Decimal,
    takerBuyQuoteVolume: kline.takerBuyQuote as Decimal,
    firstTradeId: kline.firstTradeId,
    lastTradeId: kline.lastTradeId,
  };
}

function minutes(symbol: SymbolMarket, from: EpochMs, to: EpochMs, now = NOW): Kline[] {
  const rows: Kline[] = [];
  for (const kline of symbol.minutesFrom(from, now)) {
    if (kline.openTime >= to) break;
    rows.push(kline);
  }
  return rows;
}

describe('the simulated market', () => {
  it('sums its trades to the last digit in every candle, and in the one that is open', () => {
    fc.assert(
      fc.property(anySymbol, anyMinute, fc.constantFrom(MINUTE_MS, 17_000), (symbol, openTime, ageMs) => {
        const now = (openTime + ageMs) as EpochMs;
        const [kline] = minutes(symbol, openTime, (openTime + MINUTE_MS) as EpochMs, now);
        const orders = [...symbol.ordersBetween((openTime - 1) as EpochMs, Math.min(now, openTime + MINUTE_MS - 1) as EpochMs)];
        const fills = orders.flatMap((order) => symbol.fillsOf(order).map((fill) => ({ ...fill, isBuyerMaker: order.isBuyerMaker })));
        const sum = (parts: string[]) => parts.reduce((total, part) => addDecimals(total as Decimal, part as Decimal), '0.00000000');
        const bought = fills.filter((fill) => !fill.isBuyerMaker);
        expect(kline?.volume).toBe(sum(fills.map((fill) => fill.quantity)));
        expect(kline?.quoteVolume).toBe(sum(fills.map((fill) => fill.quoteQuantity)));
        expect(kline?.takerBuyBase).toBe(sum(bought.map((fill) => fill.quantity)));
        expect(kline?.takerBuyQuote).toBe(sum(bought.map((fill) => fill.quoteQuantity)));
        expect(kline?.tradeCount).toBe(fills.length);
        expect(kline?.firstTradeId).toBe(fills[0]?.id ?? -1);
        expect(kline?.lastTradeId).toBe(fills.at(-1)?.id ?? -1);
        expect(sum(orders.map((order) => order.quantity))).toBe(kline?.volume);
        if (orders.length === 0) return;
        const prices = orders.map((order) => order.priceUnits);
        expect(kline?.open).toBe(orders[0]?.price);
        expect(kline?.close).toBe(orders.at(-1)?.price);
        expect(kline?.high).toBe(orders.find((order) => order.priceUnits === Math.max(...prices))?.price);
        expect(kline?.low).toBe(orders.find((order) => order.priceUnits === Math.min(...prices))?.price);
      }),
      { numRuns: 300 },
    );
  });

  it('prices every fill exactly', () => {
    const symbol = find('BTCUSDT');
    for (const order of symbol.ordersBetween((NOW - 600_000) as EpochMs, NOW)) {
      for (const fill of symbol.fillsOf(order)) {
        const exact = multiplyDecimals(order.price as Decimal, fill.quantity as Decimal);
        expect(exact.replace(/0+$/, '')).toBe(fill.quoteQuantity.replace(/0+$/, ''));
      }
    }
  });

  it('adds minutes up to any longer candle', () => {
    fc.assert(
      fc.property(anySymbol, anyMinute, fc.constantFrom(3, 5, 15, 60, 1_440), (symbol, minute, length) => {
        const step = length * MINUTE_MS;
        const from = (Math.floor(minute / step) * step) as EpochMs;
        const to = (from + step) as EpochMs;
        const folded = symbol.fold(from, to, NOW);
        expect(folded?.closeTime).toBe(to - 1);
        expect(folded && toCandle(folded)).toEqual(foldCandles(from, minutes(symbol, from, to).map(toCandle)));
      }),
      { numRuns: 60 },
    );
  });

  it('numbers orders and trades without a hole, from any place', () => {
    fc.assert(
      fc.property(anySymbol, anyMinute, (symbol, from) => {
        const orders = [...symbol.ordersBetween(from, (from + 3_600_000) as EpochMs)].filter((order) => order.time <= NOW);
        for (const [index, order] of orders.entries()) {
          const before = orders[index - 1];
          if (before) {
            expect(order.id).toBe(before.id + 1);
            expect(order.firstTradeId).toBe(before.lastTradeId + 1);
            expect(order.time).toBeGreaterThanOrEqual(before.time);
          }
        }
        const [first] = orders;
        if (!first) return;
        expect([...symbol.ordersFromId(first.id, orders.at(-1)?.time ?? NOW)]).toEqual(orders);
        expect(symbol.orderIdOfTrade(first.lastTradeId)).toBe(first.id);
        expect(symbol.findLastOrder(first.time)?.time).toBe(first.time);
      }),
      { numRuns: 40 },
    );
  });

  it('shows the same market after a restart, entered anywhere, whatever else is listed', () => {
    const again = createSimulatedMarket({ seed: 7, symbols: ['ADAUSDT', 'WIFUSDT'], pairCount: 2 }).symbols.get('ADAUSDT');
    const from = (Math.floor(NOW / DAY_MS) * DAY_MS - 90 * DAY_MS) as EpochMs;
    const to = (from + 2 * DAY_MS) as EpochMs;
    const inOrder = minutes(find('ADAUSDT'), from, to, to);
    expect(inOrder).toHaveLength(2_880);
    for (const kline of again?.minutesBackFrom((to - 1) as EpochMs, to) ?? []) {
      if (kline.openTime < from) break;
      expect(kline).toEqual(inOrder.pop());
    }
    expect(inOrder).toEqual([]);
  });

  it('differs by seed', () => {
    const other = createSimulatedMarket({ seed: 8, symbols: [] }).symbols.get('BTCUSDT');
    expect(other?.fold((NOW - DAY_MS) as EpochMs, NOW, NOW)).not.toEqual(find('BTCUSDT').fold((NOW - DAY_MS) as EpochMs, NOW, NOW));
  });

  it('begins on the minute of the listing with a trade', () => {
    const [first] = find('BTCUSDT').minutesFrom(0 as EpochMs, NOW);
    expect(first?.openTime).toBe(1_502_942_400_000);
    expect(first?.firstTradeId).toBe(0);
    expect(first?.tradeCount).toBeGreaterThan(0);
    expect(find('BTCUSDT').fold(0 as EpochMs, 1_502_942_400_000 as EpochMs, NOW)).toBeUndefined();
    expect(find('BTCUSDT').findLastOrder(1_502_942_399_999 as EpochMs)).toBeUndefined();
  });

  it('repeats the close through minutes without a trade', () => {
    const rows = minutes(find('POLUSDT'), (NOW - DAY_MS) as EpochMs, NOW);
    const quiet = rows.map((row, index) => ({ row, before: rows[index - 1] })).filter(({ row, before }) => before && row.tradeCount === 0);
    expect(quiet.length).toBeGreaterThan(50);
    for (const { row, before } of quiet) {
      expect(row).toMatchObject({ volume: '0.00000000', quoteVolume: '0.00000000', firstTradeId: -1, lastTradeId: -1 });
      expect([row.open, row.high, row.low, row.close]).toEqual(Array(4).fill(before?.close));
    }
  });

  it('keeps prices on the tick and quantities on the step', () => {
    for (const symbol of symbols) {
      const { tickDecimals, stepDecimals } = symbol.listing;
      const onGrid = (decimals: number) => new RegExp(`^\\d+\\.\\d{${decimals}}0{${8 - decimals}}$`);
      for (const order of symbol.ordersBetween((NOW - 120_000) as EpochMs, NOW)) {
        expect(order.price).toMatch(onGrid(tickDecimals));
        expect(order.quantity).toMatch(onGrid(stepDecimals));
      }
    }
  });
});
