import { type InstrumentId, parseStreamCursor, SECOND_MS, toDecimal, toIso } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { at, BTC, ETH, startTestMarket, type TestMarket } from './testing/test-market.ts';

const SOL = 'SIM:SOLUSDT' as InstrumentId;
const seconds = (minute: number) => at(minute) / SECOND_MS;

let market: TestMarket;
let url: string;

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
});

afterAll(() => market.stop());

async function ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await post<T>(url, query, variables);
  expect(errors).toEqual([]);
  return data;
}

async function codeOf(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  return (await post(url, query, variables)).errors[0]?.extensions.code;
}

describe('a gateway whose market is still empty', () => {
  it('answers all the same', async () => {
    expect(await ask('{ instruments { edges { node { id } } pageInfo { hasNextPage } } }')).toEqual({
      instruments: { edges: [], pageInfo: { hasNextPage: false } },
    });
    expect(await ask('{ instrument(symbol: "BTCUSDT") { id } marketSummary { symbol } freshness { symbol } }')).toEqual({
      instrument: null,
      marketSummary: [],
      freshness: [],
    });
    expect(await codeOf('{ candles(symbol: "BTCUSDT", interval: "1m") { edges { cursor } } }')).toBe('SYMBOL_NOT_FOUND');
    await market.list(SOL); // listed, without any candle
    expect(await ask('{ candles(symbol: "SOLUSDT", interval: "1h") { edges { cursor } certificate { expected coverage } } }')).toEqual({
      candles: { edges: [], certificate: { expected: 0, coverage: '1.000000' } },
    });
    const bars = await ask<{ bars: Record<string, unknown> }>(
      `{ bars(symbol: "SOLUSDT", interval: "1h", to: ${seconds(60)}, countback: 5) { s t nextTime cursor } }`,
    );
    expect(bars.bars).toMatchObject({ s: 'no_data', t: [], nextTime: null });
  });
});

describe('a market with data', () => {
  beforeAll(async () => {
    await market.list(BTC, ETH);
    await market.close(BTC, 0, 125);
    await market.close(ETH, 0, 2);
  });

  it('lists instruments by page, by text and by state, exactly as they are stored', async () => {
    const first = await ask<{ instruments: { edges: { node: unknown }[]; pageInfo: { endCursor: string } } }>(
      '{ instruments(first: 1) { edges { node { id symbol venue isSimulated baseAsset quoteAsset tickSize stepSize state stateReason firstOpenTime watermark liveSince } } pageInfo { hasNextPage endCursor } } }',
    );
    expect(first.instruments.edges[0]?.node).toEqual({
      id: BTC,
      symbol: 'BTCUSDT',
      venue: 'SIM',
      isSimulated: true,
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      tickSize: '0.01000000',
      stepSize: '0.00001000',
      state: 'REQUESTED',
      stateReason: null,
      firstOpenTime: toIso(at(0)),
      watermark: toIso(at(124)),
      liveSince: toIso(at(0)),
    });
    const ids = async (args: string) =>
      (
        await ask<{ instruments: { edges: { node: { id: string } }[] } }>(`{ instruments(${args}) { edges { node { id } } } }`)
      ).instruments.edges.map(({ node }) => node.id);
    expect(await ids(`first: 5, after: "${first.instruments.pageInfo.endCursor}"`)).toEqual([ETH, SOL]);
    expect(await ids('last: 1')).toEqual([SOL]);
    expect(await ids('search: "ethU"')).toEqual([ETH]);
    expect(await ids('status: LIVE')).toEqual([]);
    await market.instruments.setState(ETH, 'LIVE', null);
    expect(await ids('status: LIVE')).toEqual([ETH]);
    expect(await codeOf('{ instruments(after: "nonsense") { edges { cursor } } }')).toBe('CURSOR_INVALID');
    expect(await codeOf('{ instruments(first: 5001) { edges { cursor } } }')).toBe('RANGE_TOO_LARGE');
  });

  it('finds an instrument by id and by bare symbol, in any case', async () => {
    const found = await ask(
      '{ a: instrument(symbol: "sim:btcusdt") { id } b: instrument(symbol: "BTCUSDT") { id } c: instrument(symbol: "BINANCE:BTCUSDT") { id } d: instrument(symbol: "::") { id } }',
    );
    expect(found).toEqual({ a: { id: BTC }, b: { id: BTC }, c: null, d: null });
  });

  it('gives bars as columns of numbers, the newest first when asked by count', async () => {
    const fields = '{ s t o h l c v nextTime cursor }';
    const counted = await ask<{ bars: Record<string, unknown> }>(
      `{ bars(symbol: "BTCUSDT", interval: "1h", from: 0, to: ${seconds(300)}, countback: 2) ${fields} }`,
    );
    expect(counted.bars).toMatchObject({
      s: 'ok',
      t: [seconds(60), seconds(120)],
      o: [1_060, 1_120],
      h: [1_120, 1_125],
      l: [1_059, 1_119],
      c: [1_119.5, 1_124.5],
      v: [90, 7.5],
      nextTime: null,
    });
    const ranged = await ask<{ bars: { t: number[] } }>(
      `{ bars(symbol: "BTCUSDT", interval: "1", from: ${seconds(3)}, to: ${seconds(6)}) { t } }`,
    );
    expect(ranged.bars.t).toEqual([seconds(3), seconds(4), seconds(5)]);
    const none = await ask<{ bars: unknown }>(
      `{ bars(symbol: "BTCUSDT", interval: "1m", from: ${seconds(500)}, to: ${seconds(510)}) { s t nextTime } }`,
    );
    expect(none.bars).toEqual({ s: 'no_data', t: [], nextTime: seconds(124) });
  });

  it('reads the cursor of bars in the same snapshot', async () => {
    const { bars } = await ask<{ bars: { cursor: string } }>(
      `{ bars(symbol: "BTCUSDT", interval: "1m", to: ${seconds(500)}, countback: 1) { cursor } }`,
    );
    expect(parseStreamCursor(bars.cursor)).toEqual({ ok: true, value: await market.log.head() });
  });

  it('refuses bars without a range and too many of them', async () => {
    expect(await codeOf(`{ bars(symbol: "BTCUSDT", interval: "1m", to: ${seconds(5)}) { s } }`)).toBe('BAD_USER_INPUT');
    expect(await codeOf(`{ bars(symbol: "BTCUSDT", interval: "1m", to: ${seconds(5)}, countback: 5001) { s } }`)).toBe('RANGE_TOO_LARGE');
    expect(await codeOf(`{ bars(symbol: "BTCUSDT", interval: "1m", from: ${seconds(0)}, to: ${seconds(5_001)}) { s } }`)).toBe(
      'RANGE_TOO_LARGE',
    );
  });

  it('sums up the last 24 hours exactly', async () => {
    const { marketSummary } = await ask<{ marketSummary: Record<string, unknown>[] }>(
      '{ marketSummary { symbol venue lastPrice lastTime change24h changePercent24h high24h low24h baseVolume24h quoteVolume24h tradeCount24h sparkline } }',
    );
    expect(marketSummary.map(({ symbol }) => symbol)).toEqual([BTC, ETH]);
    expect(marketSummary[0]).toMatchObject({
      venue: 'SIM',
      lastPrice: '1124.50',
      lastTime: toIso(at(125)),
      change24h: '124.50',
      changePercent24h: '12.4500',
      high24h: '1125.00',
      low24h: '999.00',
      baseVolume24h: '187.50000000',
      tradeCount24h: 1_250,
      sparkline: ['1059.50', '1119.50', '1124.50'],
    });
    expect(await ask('{ marketSummary(symbols: ["ETHUSDT", "SIM:SOLUSDT"]) { symbol } }')).toEqual({ marketSummary: [{ symbol: ETH }] });
  });

  it('tells how fresh the data is', async () => {
    market.open(BTC, 125);
    market.channel.publish({ topic: 'feed.status', key: 'SIM', value: { venue: 'SIM', state: 'LIVE', since: at(0), detail: null } });
    market.clock.set(at(126));
    await market.candles.recordGap(ETH, { from: at(2), to: at(4) }, 'PENDING', at(126));
    const fields = 'symbol venue isSimulated feedState state watermark lastEventAt stalenessMs ingestLagMs openGaps';
    await eventually(async () =>
      expect(await ask(`{ freshness(symbols: ["BTCUSDT"]) { ${fields} } }`)).toEqual({
        freshness: [
          {
            symbol: BTC,
            venue: 'SIM',
            isSimulated: true,
            feedState: 'LIVE',
            state: 'REQUESTED',
            watermark: toIso(at(124)),
            lastEventAt: '2022-01-03T02:05:01.040Z',
            stalenessMs: 58_960,
            ingestLagMs: 40,
            openGaps: 0,
          },
        ],
      }),
    );
    expect(await ask('{ freshness(symbols: ["ETHUSDT", "SOLUSDT"]) { openGaps lastEventAt } }')).toMatchObject({
      freshness: [{ openGaps: 1 }, { openGaps: 0, lastEventAt: null }],
    });
  });

  it('keeps decimals as they are stored', async () => {
    const sent = await ask(
      'query ($symbol: ID!) { candles(symbol: $symbol, interval: "1m", last: 1) { edges { node { open baseVolume quoteVolume takerBuyBaseVolume } } } }',
      { symbol: BTC },
    );
    expect(sent).toEqual({
      candles: {
        edges: [
          {
            node: {
              open: '1124.00',
              baseVolume: toDecimal('1.50000000'),
              quoteVolume: '1875941.74201550',
              takerBuyBaseVolume: '25.32921000',
            },
          },
        ],
      },
    });
  });
});
