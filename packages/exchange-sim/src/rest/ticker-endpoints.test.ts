import { MINUTE_MS } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from '../exchange-sim.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 34, 56, 789);
let sim: ExchangeSim;
beforeAll(async () => {
  sim = await startExchangeSim({
    source: { kind: 'simulated', seed: 5, symbols: ['BTCUSDT', 'ETHUSDT', 'POLUSDT'], pairCount: 3 },
    wallClock: new FakeClock(NOW),
    limits: { weightPerMinute: 1_000_000 },
  });
});
afterAll(() => sim.close());

const call = (path: string, headers: Record<string, string> = {}) => fetch(`${sim.restUrl}/api/v3/${path}`, { headers });
async function get<T = Record<string, unknown>>(path: string, headers: Record<string, string> = {}): Promise<T> {
  return (await (await call(path, headers)).json()) as T;
}
let used = 0;
async function weightOf(path: string): Promise<number> {
  const before = used;
  used = Number((await call(path)).headers.get('x-mbx-used-weight-1m'));
  return used - before;
}

describe('ticker windows', () => {
  it('are the sums of the minutes, of any length', async () => {
    const [one, rows] = await Promise.all([
      get('ticker?symbol=BTCUSDT&windowSize=59m'),
      get<(string | number)[][]>('klines?symbol=BTCUSDT&interval=1m&limit=59'),
    ]);
    const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0);
    expect(one).toMatchObject({ symbol: 'BTCUSDT', openTime: rows[0]?.[0], closeTime: NOW, count: sum(8), lastPrice: rows.at(-1)?.[4] });
    expect(Number(one.volume)).toBeCloseTo(sum(5), 6);
    expect(one.count).toBe(Number(one.lastId) - Number(one.firstId) + 1);
    expect(Object.keys(await get('ticker?symbol=BTCUSDT&windowSize=7d&type=MINI'))).not.toContain('priceChange');
    expect((await get<object[]>('ticker?symbols=["BTCUSDT","ETHUSDT"]')).length).toBe(2);
  });

  it('of the trading day begin at midnight of a time zone', async () => {
    const day = await get('ticker/tradingDay?symbol=BTCUSDT&timeZone=8');
    expect([day.openTime, day.closeTime]).toEqual([Date.UTC(2026, 10, 19, 16), Date.UTC(2026, 10, 20, 16) - 1]);
    const [kline] = await get<(string | number)[][]>('klines?symbol=BTCUSDT&interval=1d&timeZone=8&limit=1');
    expect([day.openPrice, day.highPrice, day.lowPrice, day.lastPrice, day.volume, day.quoteVolume, day.count]).toEqual([
      ...(kline?.slice(1, 6) ?? []),
      kline?.[7],
      kline?.[8],
    ]);
  });

  it.each([
    ['ticker', -1102],
    ['ticker?symbol=BTCUSDT&windowSize=60m', -1130],
    ['ticker?symbol=BTCUSDT&windowSize=8d', -1130],
    ['ticker?symbol=BTCUSDT&windowSize=1w', -1130],
    ['ticker?symbol=BTCUSDT&type=TINY', -1130],
    ['ticker/tradingDay?symbol=BTCUSDT&timeZone=15', -1130],
    ['ticker?symbols=["BTCUSDT","BTCUSDT"]', -1151],
    ['ticker/24hr?symbolStatus=SLEEPY', -1122],
    ['exchangeInfo?permissions=DANCING', -1130],
    ['exchangeInfo?symbol=BTCUSDT&permissions=SPOT', -1128],
    ['historicalTrades', -1102],
    ['uiKlines?symbol=BTCUSDT', -1102],
    ['avgPrice?symbol=NOPEUSDT', -1121],
  ])('%s is refused with %i', async (path, code) => {
    expect(await get(path)).toMatchObject({ code });
  });

  it('weigh by symbol', async () => {
    await weightOf('ping');
    expect(await weightOf('ticker?symbol=BTCUSDT')).toBe(4);
    expect(await weightOf('ticker/tradingDay?symbols=["BTCUSDT","ETHUSDT"]')).toBe(8);
    expect(await weightOf('historicalTrades?symbol=BTCUSDT')).toBe(25);
    expect(await weightOf('uiKlines?symbol=BTCUSDT&interval=1m')).toBe(2);
    expect(await weightOf('avgPrice?symbol=BTCUSDT')).toBe(2);
  });
});

describe('other endpoints', () => {
  it('average the price of five minutes', async () => {
    const average = await get('avgPrice?symbol=ETHUSDT');
    const trades = await get<{ p: string; q: string; T: number }[]>(
      `aggTrades?symbol=ETHUSDT&startTime=${NOW - 5 * MINUTE_MS + 1}&limit=1000`,
    );
    const [quote, base] = trades.reduce(([q, b], { p, q: size }) => [q + Number(p) * Number(size), b + Number(size)], [0, 0]);
    expect(Number(average.price)).toBeCloseTo(quote / base, 6);
    expect(average).toMatchObject({ mins: 5, closeTime: trades.at(-1)?.T });
    expect((await get('avgPrice?symbol=ETHUSDT', { 'X-MBX-TIME-UNIT': 'MICROSECOND' })).closeTime).toBe((trades.at(-1)?.T ?? 0) * 1_000);
  });

  it('give trades from an id on', async () => {
    const trades = await get<{ id: number }[]>('historicalTrades?symbol=BTCUSDT&fromId=1001&limit=7');
    expect(trades.map(({ id }) => id)).toEqual([1001, 1002, 1003, 1004, 1005, 1006, 1007]);
    expect(await get('historicalTrades?symbol=BTCUSDT&fromId=99999999999')).toEqual([]);
    expect(await get('historicalTrades?symbol=BTCUSDT&limit=5')).toEqual(await get('trades?symbol=BTCUSDT&limit=5'));
  });

  it('filter pairs by permission', async () => {
    const count = async (permissions: string) =>
      (await get<{ symbols: object[] }>(`exchangeInfo?permissions=${permissions}`)).symbols.length;
    expect([await count('SPOT'), await count('["MARGIN","SPOT"]'), await count('LEVERAGED')]).toEqual([3, 3, 0]);
  });

  it('show seconds that add up to their minute', async () => {
    const minute = Math.floor(NOW / MINUTE_MS - 2) * MINUTE_MS;
    const rows = await get<(string | number)[][]>(`klines?symbol=BTCUSDT&interval=1s&startTime=${minute}&limit=60`);
    const [whole] = await get<(string | number)[][]>(`klines?symbol=BTCUSDT&interval=1m&startTime=${minute}&limit=1`);
    expect(rows.map(([openTime]) => openTime)).toEqual(rows.map((_, second) => minute + second * 1_000));
    expect(rows).toHaveLength(60);
    expect(rows.reduce((sum, row) => sum + Number(row[8]), 0)).toBe(whole?.[8]);
    expect(rows.at(-1)?.[4]).toBe(whole?.[4]);
    expect(await get('uiKlines?symbol=BTCUSDT&interval=1m&limit=3')).toEqual(await get('klines?symbol=BTCUSDT&interval=1m&limit=3'));
  });
});
