import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { addDecimals, type CandleValues, type Decimal, type EpochMs, foldCandles, MINUTE_MS } from '@candlecast/domain';
import { eventually, FakeClock, hasTestData, testDataDir } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from '../exchange-sim.ts';
import type { SymbolMarket } from '../market/symbol-market.ts';
import { FrameCollector } from '../stream/frame-collector.ts';
import { loadRecordedMarket } from './recorded-market.ts';

const START = Date.UTC(2022, 0, 1);
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'recording-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A row of minute `minute`: `volume` '0.00000000' for one without trades. */
function row(minute: number, volume = '40.57574000', close = '46250.00000000'): string {
  const time = START + minute * MINUTE_MS;
  const isQuiet = !/[1-9]/.test(volume);
  const prices = isQuiet ? `${close},${close},${close},${close}` : `46216.93000000,46271.08000000,46208.37000000,${close}`;
  const amounts = isQuiet ? '0.00000000,0,0.00000000,0.00000000' : '1875978.44269790,796,27.26086000,1260270.37206270';
  const [quote, ...rest] = amounts.split(',');
  return `${time},${prices},${volume},${time + 59_999},${quote},${rest.join(',')},0`;
}

/** A row that holds OHLCV only. */
function bareRow(minute: number): string {
  const time = START + minute * MINUTE_MS;
  return `${time},3889.5,3889.59,3880.58,3882.37,1253.93501,${time + 59_999},,,,,`;
}

function save(name: string, rows: string[]): void {
  const csv = `${rows.join('\n')}\n`;
  writeFileSync(join(dir, name), name.endsWith('.gz') ? gzipSync(csv) : csv);
}

async function load(symbol = 'BTCUSDT'): Promise<SymbolMarket> {
  const found = (await loadRecordedMarket(dir)).symbols.get(symbol);
  if (!found) throw new RangeError(`no ${symbol}`);
  return found;
}

const at = (minute: number, ms = 0) => (START + minute * MINUTE_MS + ms) as EpochMs;

describe('a recording', () => {
  it('merges files: identical rows are dropped, of differing ones the later file wins', async () => {
    save('BTCUSDT-1m-2022-01-a.csv', [row(0), row(1), row(2)]);
    save('BTCUSDT-1m-2022-01-b.csv.gz', [row(5), row(2), row(1, '1.00000000'), row(3)]);
    save('BTCUSDT-1h-2022-01.csv', [row(0)]);
    save('notes.txt', ['hello']);
    save('ETHUSDT-1m-2022-01.csv', ['open_time,open', bareRow(0), 'broken']);
    const { report, symbols, endTime } = await loadRecordedMarket(dir);
    expect(report.symbols).toMatchObject([
      { symbol: 'BTCUSDT', rows: 5, from: at(0), to: at(6), duplicates: { identical: 1, differing: 1 } },
      { symbol: 'ETHUSDT', rows: 1, files: ['ETHUSDT-1m-2022-01.csv'] },
    ]);
    expect(report.ignoredFiles.map(({ name }) => name)).toEqual(['BTCUSDT-1h-2022-01.csv', 'notes.txt']);
    expect(report.refusedRows).toEqual([{ name: 'ETHUSDT-1m-2022-01.csv', count: 1, first: [{ line: 3, reason: 'columns' }] }]);
    expect(endTime).toBe(at(6));
    const klines = [...(symbols.get('BTCUSDT')?.minutesFrom(at(0), at(9)) ?? [])];
    expect(klines.map(({ openTime, volume }) => [openTime, volume])).toEqual([
      [at(0), '40.57574000'],
      [at(1), '1.00000000'],
      [at(2), '40.57574000'],
      [at(3), '40.57574000'],
      [at(5), '40.57574000'],
    ]);
  });

  it('says what is wrong with the folder', async () => {
    await expect(loadRecordedMarket(join(dir, 'none'))).rejects.toMatchObject({ code: 'recording_unreadable' });
    await expect(loadRecordedMarket(dir)).rejects.toMatchObject({ code: 'recording_empty' });
    save('BTCUSDT-1m-2022.csv', ['nothing,to,see']);
    await expect(loadRecordedMarket(dir)).rejects.toMatchObject({ code: 'recording_empty' });
    writeFileSync(join(dir, 'BTCUSDT-1m-2022.csv.gz'), 'not gzip');
    await expect(loadRecordedMarket(dir)).rejects.toMatchObject({ code: 'recording_unreadable' });
  });

  it('plays the open minute from open to close within its extremes and never ahead of time', async () => {
    save('BTCUSDT-1m-2022.csv', [row(0), row(1)]);
    const symbol = await load();
    const seen = Array.from({ length: 60 }, (_, second) => symbol.fold(at(1), at(2), at(1, second * 1_000))).filter(
      (kline) => kline !== undefined,
    );
    expect(seen.length).toBeGreaterThan(50);
    for (const [index, kline] of seen.entries()) {
      expect(kline.open).toBe('46216.93000000');
      for (const price of [kline.high, kline.low, kline.close]) {
        expect(price >= '46208.37000000' && price <= '46271.08000000').toBe(true);
        expect(price).toMatch(/^\d+\.\d{2}000000$/);
      }
      const before = seen[index - 1];
      if (!before) continue;
      expect(units(kline.volume)).toBeGreaterThanOrEqual(units(before.volume));
      expect(units(kline.takerBuyBase)).toBeLessThanOrEqual(units(kline.volume));
      expect(kline.high >= before.high && kline.low <= before.low).toBe(true);
    }
    const [closed] = symbol.minutesFrom(at(1), at(2));
    const last = seen.at(-1);
    expect(last).toMatchObject({
      high: closed?.high,
      low: closed?.low,
      close: closed?.close,
      volume: closed?.volume,
      tradeCount: closed?.tradeCount,
    });
    expect(symbol.fold(at(1), at(2), at(1, -1))).toBeUndefined();
  });

  it('makes up orders that add up to the candle, numbered without a hole', async () => {
    save('BTCUSDT-1m-2022.csv', [row(0), row(1, '0.00000000'), row(2, '0.00004000'), row(7)]);
    const symbol = await load();
    const orders = [...symbol.ordersBetween(at(0, -1), at(9))];
    expect(orders.map(({ id }) => id)).toEqual(Array.from({ length: 36 }, (_, index) => index));
    const sum = orders.slice(0, 12).reduce((total, { quantity }) => addDecimals(total, quantity as Decimal), '0' as Decimal);
    expect(sum).toBe('40.57574000');
    expect([...symbol.ordersFromId(20, at(9))].map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, index) => 20 + index));
    expect(symbol.findLastOrder(at(6))?.id).toBe(23);
    const bought = orders.slice(0, 12).filter(({ isBuyerMaker }) => !isBuyerMaker).length;
    expect(bought).toBe(Math.round((12 * 27.26086) / 40.57574));
  });

  it('adds minutes up exactly, with null where a part lacks a column', async () => {
    save('BTCUSDT-1m-2022.csv', [row(0), row(1, '0.00000000'), row(3)]);
    save('ETHUSDT-1m-2022.csv', [bareRow(0), bareRow(1)]);
    const bitcoin = await load();
    const parts = [...bitcoin.minutesFrom(at(0), at(5))].map(toValues);
    for (const now of [at(5), at(4, 1), at(9)]) expect(toValues(bitcoin.fold(at(0), at(5), now))).toEqual(foldCandles(at(0), parts));
    const ether = await load('ETHUSDT');
    expect(ether.fold(at(0), at(5), at(5))).toMatchObject({
      volume: '2507.87002',
      quoteVolume: null,
      tradeCount: null,
      takerBuyBase: null,
    });
    expect(bitcoin.fold(at(4), at(8), at(9))).toBeUndefined();
  });
});

describe('a replay', () => {
  let sim: ExchangeSim;
  const clock = new FakeClock(Date.UTC(2026, 10, 21));
  afterEach(() => sim.close());
  const get = async <T>(path: string) => (await (await fetch(`${sim.restUrl}${path}`)).json()) as T;

  it('serves the past, plays the rest exactly, keeps holes, and ends', async () => {
    save('BTCUSDT-1m-2022.csv', [row(0), row(1), row(2), row(3, '0.00000000'), row(6), row(7, '5.00000000', '46220.00000000')]);
    save('ETHUSDT-1m-2022.csv', [bareRow(0), bareRow(1), bareRow(2)]);
    sim = await startExchangeSim({ source: { kind: 'recorded', dir, from: at(2) }, wallClock: clock, speed: 60 });
    expect(await get('/api/v3/time')).toEqual({ serverTime: at(2) });
    expect((await get<unknown[][]>('/api/v3/klines?symbol=BTCUSDT&interval=1m')).map(([time]) => time)).toEqual([at(0), at(1)]);
    const statuses = async () =>
      (await get<{ symbols: { symbol: string; status: string }[] }>('/api/v3/exchangeInfo')).symbols.map(
        ({ symbol, status }) => `${symbol} ${status}`,
      );
    expect(await statuses()).toEqual(['BTCUSDT TRADING', 'ETHUSDT TRADING']);

    const client = await new FrameCollector(
      `${sim.wsUrl}/stream?streams=btcusdt@kline_1m/ethusdt@kline_1m/btcusdt@aggTrade/btcusdt@bookTicker`,
    ).opened();
    await eventually(
      async () => {
        clock.advance(200);
        expect(await statuses()).toEqual(['BTCUSDT END_OF_DAY', 'ETHUSDT END_OF_DAY']);
        expect(sim.now()).toBe(at(8, 10_000));
      },
      { timeoutMs: 20_000, intervalMs: 60 },
    );
    type Frame = { stream: string; data: { E: number; k: Record<string, unknown> & { t: number; x: boolean } } };
    const closes = (stream: string) => client.all<Frame>().filter((frame) => frame.stream === stream && frame.data.k.x);
    // The candle that ends just as the link opens still closes on it: closing frames come some milliseconds after the end.
    await eventually(() => expect(closes('btcusdt@kline_1m').map(({ data }) => data.k.t)).toEqual([at(1), at(2), at(3), at(6), at(7)]));
    expect(closes('btcusdt@kline_1m').at(-1)?.data.k).toMatchObject({
      c: '46220.00000000',
      v: '5.00000000',
      q: '1875978.44269790',
      n: 796,
      V: '27.26086000',
      f: null,
      L: null,
    });
    expect(closes('btcusdt@kline_1m')[2]?.data.k).toMatchObject({ n: 0, v: '0.00000000' });
    expect(
      closes('ethusdt@kline_1m')
        .map(({ data }) => data.k)
        .slice(1),
    ).toMatchObject([{ o: '3889.5', c: '3882.37', v: '1253.93501', q: null, n: null, V: null, Q: null }]);
    expect((await get<unknown[][]>('/api/v3/klines?symbol=ETHUSDT&interval=1m&limit=1'))[0]?.slice(7)).toEqual([
      null,
      null,
      null,
      null,
      '0',
    ]);
    const trades = client.all<{ stream: string; data: { a: number } }>().filter(({ stream }) => stream === 'btcusdt@aggTrade');
    expect(trades.map(({ data }) => data.a)).toEqual(Array.from({ length: 36 }, (_, index) => 24 + index));

    clock.advance(60_000);
    expect(sim.now()).toBe(at(8, 10_000));
    const rest = await get<unknown[][]>('/api/v3/klines?symbol=BTCUSDT&interval=1m');
    expect(rest.map(([time]) => time)).toEqual([at(0), at(1), at(2), at(3), at(6), at(7)]);
    expect(await get('/admin/status')).toMatchObject({ recording: { symbols: [{ symbol: 'BTCUSDT', rows: 6 }, { symbol: 'ETHUSDT' }] } });
  });

  it('starts a day before the end, or where the launcher says', async () => {
    save('BTCUSDT-1m-2022.csv', [row(0), row(2_000)]);
    sim = await startExchangeSim({ source: { kind: 'recorded', dir }, wallClock: clock });
    expect(sim.now()).toBe(at(561));
    await sim.close();
    sim = await startExchangeSim({
      source: { kind: 'recorded', dir },
      wallClock: clock,
      speed: 10,
      anchorTime: at(100),
      anchorWallTime: (clock.now() - 6_000) as EpochMs,
    });
    expect(sim.now()).toBe(at(101));
  });
});

describe.skipIf(!hasTestData())(`the recordings in ${testDataDir()} (skipped when that folder is missing)`, () => {
  const klines = join(testDataDir(), 'klines');

  it('are served text for text', { timeout: 120_000 }, async () => {
    const name = 'BTCUSDT-1m-2021-05_2021-06.csv.gz';
    symlinkSync(join(klines, name), join(dir, name));
    const lines = gunzipSync(readFileSync(join(klines, name)))
      .toString()
      .trimEnd()
      .split('\n');
    const served: string[] = [];
    for (const kline of (await load()).minutesFrom(0 as EpochMs, Date.UTC(2023, 0) as EpochMs)) {
      const { openTime, open, high, low, close, volume, closeTime, quoteVolume, tradeCount, takerBuyBase, takerBuyQuote } = kline;
      served.push([openTime, open, high, low, close, volume, closeTime, quoteVolume, tradeCount, takerBuyBase, takerBuyQuote, 0].join(','));
    }
    expect(served.length).toBe(87_840);
    expect(served.filter((line, index) => line !== lines[index])).toEqual([]);
  });

  it('load as a whole', { timeout: 120_000 }, async () => {
    const { report, endTime, symbols } = await loadRecordedMarket(klines);
    expect(report.symbols).toHaveLength(10);
    expect(report.symbols.find(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject({
      rows: 918_640,
      duplicates: { identical: 0, differing: 0 },
    });
    expect(report.ignoredFiles.every(({ reason }) => reason.includes('not 1m'))).toBe(true);
    expect(report.refusedRows).toEqual([]);
    expect(endTime).toBe(Date.UTC(2023, 7, 1));
    expect(symbols.get('ETHUSDT')?.listing).toMatchObject({ baseAsset: 'ETH', quoteAsset: 'USDT', tickDecimals: 2, stepDecimals: 5 });
    // The outage of 2023-03-24, 80 minutes long.
    const [before] = symbols.get('BTCUSDT')?.minutesBackFrom(Date.UTC(2023, 2, 24, 13, 30) as EpochMs, endTime) ?? [];
    expect(before?.openTime).toBe(Date.UTC(2023, 2, 24, 12, 39));
  });
});

const units = (text: string | null | undefined) => BigInt((text ?? '').replace('.', ''));

function toValues(kline: ReturnType<SymbolMarket['fold']>): CandleValues {
  if (!kline) throw new RangeError('no candle');
  return {
    openTime: kline.openTime,
    open: kline.open as Decimal,
    high: kline.high as Decimal,
    low: kline.low as Decimal,
    close: kline.close as Decimal,
    baseVolume: kline.volume as Decimal,
    quoteVolume: kline.quoteVolume as Decimal | null,
    tradeCount: kline.tradeCount,
    takerBuyBaseVolume: kline.takerBuyBase as Decimal | null,
    takerBuyQuoteVolume: kline.takerBuyQuote as Decimal | null,
    firstTradeId: null,
    lastTradeId: null,
  };
}
