import { addMs, DAY_MS, HOUR_MS, type InstrumentId, toDecimal, toIso } from '@candlecast/domain';
import { createExternalWriter } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { subscribeOverSse } from './testing/sse.ts';
import { at, BTC, ETH, START, startTestMarket, type TestMarket } from './testing/test-market.ts';

const ABC = 'SIM:ABCUSDT' as InstrumentId;
let market: TestMarket;
let url: string;

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
  await market.list(BTC, ETH, ABC);
  await market.close(BTC, 0, 1_442);
  await market.close(ETH, 0, 3);
});
afterAll(() => market.stop());

async function ask<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(url, query);
  expect(errors).toEqual([]);
  return data;
}
const codeOf = async (query: string) => (await post(url, query)).errors[0]?.extensions.code;

describe('dailyTotals', () => {
  const load = async (args: string) =>
    (
      await ask<{ dailyTotals: { edges: { node: Record<string, unknown> }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }>(
        `{ dailyTotals(day: "2022-01-03"${args}) { edges { node { symbol tradeCount baseVolume quoteVolume open high low close isClosed } } pageInfo { hasNextPage endCursor } } }`,
      )
    ).dailyTotals;

  it('sum a UTC day up exactly, an instrument a row, by symbol', async () => {
    const { edges } = await load('');
    expect(edges.map(({ node }) => node.symbol)).toEqual([BTC, ETH]);
    expect(edges[0]?.node).toMatchObject({
      tradeCount: 14_400,
      baseVolume: '2160.00000000',
      open: '1000.00',
      high: '2440.00',
      low: '999.00',
      close: '2439.50',
      isClosed: true,
    });
    expect(edges[1]?.node).toMatchObject({ baseVolume: '4.50000000', close: '1002.50', isClosed: false });
    expect((await load(', symbols: ["ETHUSDT", "ABCUSDT"]')).edges.map(({ node }) => node.symbol)).toEqual([ETH]);
  });

  it('come in pages', async () => {
    const first = await load(', first: 1');
    expect([first.edges.map(({ node }) => node.symbol), first.pageInfo.hasNextPage]).toEqual([[BTC], true]);
    const second = await load(`, first: 1, after: "${first.pageInfo.endCursor}"`);
    expect([second.edges.map(({ node }) => node.symbol), second.pageInfo.hasNextPage]).toEqual([[ETH], false]);
    expect((await load(', last: 1')).edges.map(({ node }) => node.symbol)).toEqual([ETH]);
  });

  it('refuse what is no day, no cursor and too much', async () => {
    const query = (args: string) => `{ dailyTotals(${args}) { edges { cursor } } }`;
    for (const day of ['2022-02-30', '2022-01-03T00:00:00Z', 'today'])
      expect(await codeOf(query(`day: "${day}"`))).toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/);
    expect(await codeOf(query('day: "2022-01-03", first: 1, after: "x"'))).toBe('CURSOR_INVALID');
    expect(await codeOf(query('day: "2022-01-03", first: 5001'))).toBe('RANGE_TOO_LARGE');
  });
});

describe('externalSeries', () => {
  const day = (count: number) => addMs(START, count * DAY_MS);
  const load = async (args: string) =>
    (
      await ask<{ externalSeries: { edges: { cursor: string; node: Record<string, unknown> }[] } }>(
        `{ externalSeries(key: "fear"${args}) { edges { cursor node { key eventTime knownAt value } } } }`,
      )
    ).externalSeries.edges;

  it('tell what was known at a time', async () => {
    const point = (event: number, known: number, value: string) => ({
      key: 'fear',
      eventTime: day(event),
      knownAt: day(known),
      value: toDecimal(value),
    });
    await createExternalWriter(market.database).storePoints([point(-3, -2, '40.50'), point(-3, 0, '41'), point(-2, -1, '50')]);
    expect((await load('')).map(({ node }) => node)).toEqual([
      { key: 'fear', eventTime: toIso(day(-3)), knownAt: toIso(day(0)), value: '41' },
      { key: 'fear', eventTime: toIso(day(-2)), knownAt: toIso(day(-1)), value: '50' },
    ]);
    expect((await load(`, knownAt: "${toIso(day(-1))}"`)).map(({ node }) => node.value)).toEqual(['40.50', '50']);
    const [first] = await load(', first: 1');
    expect(first?.node.value).toBe('41');
    expect((await load(`, first: 5, after: "${first?.cursor}"`)).map(({ node }) => node.value)).toEqual(['50']);
  });

  it('refuse an unknown key and the future', async () => {
    expect(await codeOf('{ externalSeries(key: "greed") { edges { cursor } } }')).toBe('NOT_FOUND');
    expect(await codeOf(`{ externalSeries(key: "fear", knownAt: "${toIso(day(400))}") { edges { cursor } } }`)).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ externalSeries(key: "fear", first: 1, after: "x") { edges { cursor } } }')).toBe('CURSOR_INVALID');
  });
});

describe('externalOverlay', () => {
  const hour = (count: number) => addMs(START, count * HOUR_MS);
  const load = async (args: string) =>
    (
      await ask<{ externalOverlay: { openTime: string; value: string; eventTime: string; knownAt: string }[] }>(
        `{ externalOverlay(key: "gold", interval: "1h", from: "${toIso(hour(-6))}"${args}) { openTime value eventTime knownAt } }`,
      )
    ).externalOverlay;
  const until = (count: number) => `, to: "${toIso(hour(count))}"`;
  const values = async (args: string) => (await load(args)).map(({ openTime, value }) => [(Date.parse(openTime) - START) / HOUR_MS, value]);

  it('tell at each bar what was known at its close, or draw the line between what is known', async () => {
    const point = (event: number, known: number, value: string) => ({
      key: 'gold',
      eventTime: hour(event),
      knownAt: hour(known),
      value: toDecimal(value),
    });
    await createExternalWriter(market.database).storePoints([point(-5, -4.5, '10'), point(-5, -2, '11'), point(-1, -0.5, '19')]);
    expect(await values(until(0))).toEqual([
      ...[
        [-5, '10'],
        [-4, '10'],
        [-3, '11'],
        [-2, '11'],
        [-1, '19'],
      ],
    ]);
    expect((await load(until(-2))).at(-1)).toEqual({
      openTime: toIso(hour(-3)),
      value: '11',
      eventTime: toIso(hour(-5)),
      knownAt: toIso(hour(-2)),
    });
    expect(await values(`${until(0)}, fill: LINEAR`)).toEqual([
      [-6, '11.00000000'],
      [-5, '13.00000000'],
      [-4, '15.00000000'],
      [-3, '17.00000000'],
      [-2, '19'],
      [-1, '19'],
    ]);
    expect(await values(`${until(0)}, fill: LINEAR, knownAt: "${toIso(hour(-3))}"`)).toEqual([
      [-6, '10'],
      [-5, '10'],
      [-4, '10'],
    ]);
    expect(await values(`${until(0)}, knownAt: "${toIso(hour(-3))}"`)).toEqual([
      [-5, '10'],
      [-4, '10'],
    ]);
  });

  it('refuse an unknown key, too many bars, a range turned around and the future', async () => {
    const query = (key: string, from: number, to: number, more = '') =>
      codeOf(`{ externalOverlay(key: "${key}", interval: "1h", from: "${toIso(hour(from))}", to: "${toIso(hour(to))}"${more}) { value } }`);
    expect(await query('silver', -6, 0)).toBe('NOT_FOUND');
    expect(await query('gold', -5_001, 0)).toBe('RANGE_TOO_LARGE');
    expect(await query('gold', 0, -6)).toBe('BAD_USER_INPUT');
    expect(await query('gold', -6, 0, `, knownAt: "${toIso(hour(9_999))}"`)).toBe('BAD_USER_INPUT');
  });
});

describe('the stream of summaries', () => {
  it('begins with the present one and follows each minute that closes', async () => {
    const leaving = new AbortController();
    const query = 'subscription { marketSummary(symbols: ["BTCUSDT", "ETHUSDT"]) { symbol lastPrice lastTime } }';
    const seen: unknown[] = [];
    void (async () => {
      for await (const { data } of subscribeOverSse(url, query, {}, leaving.signal)) seen.push(data?.marketSummary);
    })().catch(() => undefined); // cut at the end
    const btc = (minute: number) => ({ symbol: BTC, lastPrice: `${1_000 + minute}.50`, lastTime: toIso(at(minute + 1)) });
    await eventually(() => expect(seen).toContainEqual(btc(1_441)));
    await eventually(() => expect(seen).toContainEqual({ symbol: ETH, lastPrice: '1002.50', lastTime: toIso(at(3)) }));
    await market.close(BTC, 1_442, 1_443);
    await eventually(() => expect(seen.at(-1)).toEqual(btc(1_442)));
    leaving.abort();
  });
});
