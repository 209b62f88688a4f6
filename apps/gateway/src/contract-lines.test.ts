import { addMs, DAY_MS, horizonMs, QUANTILE_LEVELS, toDecimal, toIso } from '@candlecast/domain';
import { createExternalWriter } from '@candlecast/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { type SseResult, subscribeOverSse } from './testing/sse.ts';
import { at, BTC, ETH, START, startTestMarket, type TestMarket } from './testing/test-market.ts';

const HORIZON = '1h' as const;

let market: TestMarket;
let url: string;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  await market.close(BTC, 0, 4);
  await market.candles.recordGap(BTC, { from: at(4), to: at(5) }, 'EXCHANGE_OUTAGE', at(5));
  await market.close(BTC, 5, 7);
  await market.candles.recordGap(BTC, { from: at(7), to: at(8) }, 'CONFIRMED_EMPTY', at(8));
  await market.close(BTC, 8, 10);
  await market.close(ETH, 0, 10);
  const points = [-3, -2, -1].map((day) => {
    const time = addMs(START, day * DAY_MS);
    return { key: 'fear', eventTime: time, knownAt: time, value: toDecimal(`${-day}.5`) };
  });
  await createExternalWriter(market.database).storePoints(points);
  ({ httpUrl: url } = await market.startGateway());
});
afterAll(() => market?.stop());

async function ask<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(url, query);
  expect(errors).toEqual([]);
  return data;
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Record<string, string> }[];
  readonly pageInfo: { readonly startCursor: string; readonly hasPreviousPage: boolean };
}

describe('every list', () => {
  it.each([
    ['instruments', '', 'symbol', ['BTCUSDT', 'ETHUSDT']],
    ['gaps', 'symbol: "BTCUSDT", ', 'from', [toIso(at(4)), toIso(at(7))]],
    ['dailyTotals', 'day: "2022-01-03", ', 'symbol', [BTC, ETH]],
    ['externalSeries', 'key: "fear", ', 'value', ['2.5', '1.5']],
    ['candles', 'symbol: "BTCUSDT", interval: "1m", to: "2022-01-03T00:10:00Z", ', 'openTime', [toIso(at(8)), toIso(at(9))]],
  ])('of %s leads backward with last and before, its edges under their cursors', async (field, args, name, [before, newest]) => {
    const page = async (more: string) =>
      (
        await ask<Record<string, Page>>(
          `{ ${field}(${args}${more}) { edges { cursor node { ${name} } } pageInfo { startCursor hasPreviousPage } } }`,
        )
      )[field];
    const last = await page('last: 1');
    expect(last?.edges.map(({ node }) => node[name])).toEqual([newest]);
    expect(last?.pageInfo).toEqual({ startCursor: last?.edges[0]?.cursor, hasPreviousPage: true });
    const previous = await page(`last: 1, before: "${last?.pageInfo.startCursor}"`);
    expect(previous?.edges.map(({ node }) => node[name])).toEqual([before]);
  });
});

describe('scalars', () => {
  it('DateTime, Decimal, Interval and Cursor are written as the contract says', async () => {
    const { candles, bars } = await ask<{ candles: Page; bars: { cursor: string } }>(
      '{ candles(symbol: "BTCUSDT", interval: "60", first: 1) { edges { node { openTime close } } } bars(symbol: "BTCUSDT", interval: "1m", to: 2000000000, countback: 1) { cursor } }',
    );
    expect(candles.edges[0]?.node).toEqual({ openTime: '2022-01-03T00:00:00.000Z', close: expect.stringMatching(/^\d+\.50$/) });
    expect(Buffer.from(bars.cursor, 'base64url').toString()).toMatch(/^s1\.[0-9a-f-]{36}\.\d+$/);
  });

  it.each([
    ['DateTime', 'candles(symbol: "BTCUSDT", interval: "1m", from: "2022-01-03") { edges { cursor } }', []],
    ['DateTime', 'candles(symbol: "BTCUSDT", interval: "1m", from: "yesterday") { edges { cursor } }', ['BAD_USER_INPUT']],
    ['Interval', 'candles(symbol: "BTCUSDT", interval: "7m") { edges { cursor } }', ['INTERVAL_UNSUPPORTED']],
    ['Horizon', 'latestForecasts(symbols: ["BTCUSDT"], horizons: ["24h"]) { horizon }', []],
    ['Horizon', 'latestForecasts(symbols: ["BTCUSDT"], horizons: ["25h"]) { horizon }', ['BAD_USER_INPUT']],
  ])('%s of { %s } is taken or refused with its code', async (_, field, codes) => {
    const { errors } = await post(url, `{ ${field} }`);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(codes);
  });
});

describe('the quota', () => {
  it('is told without taking more than the asking', async () => {
    const look = async () => (await ask<{ rateLimit: Record<string, number> }>('{ rateLimit { limit remaining resetInMs } }')).rateLimit;
    const first = await look();
    expect(first.limit).toBeGreaterThan(first.remaining ?? 0);
    expect(first.resetInMs).toBeLessThanOrEqual(60_000);
    expect((await look()).remaining).toBe((first.remaining ?? 0) - 1);
  });
});

describe('the forecast stream as it stands on the wire', () => {
  const DOCUMENT = `subscription ($after: Cursor) { forecasts(symbols: ["BTCUSDT"], horizons: ["1h"], after: $after) {
    __typename
    ... on ForecastIssued { cursor forecast { targetTime } }
    ... on StreamGap { cursor from reason }
    ... on StreamHeartbeat { at cursor }
    ... on StreamReset { code message }
  } }`;

  it('has a heartbeat first, each forecast with the cursor after which the next follows, gaps, and a reset when the log begins anew', async () => {
    const leaving = new AbortController();
    const stream = subscribeOverSse(url, DOCUMENT, {}, leaving.signal);
    const next = async (from: AsyncGenerator<SseResult>) => ((await from.next()).value as SseResult | undefined)?.data?.forecasts;
    expect(await next(stream)).toMatchObject({ __typename: 'StreamHeartbeat', cursor: expect.any(String) });
    await issue(10);
    await issue(11);
    const first = await next(stream);
    expect(first).toEqual({ __typename: 'ForecastIssued', cursor: expect.any(String), forecast: { targetTime: toIso(at(70)) } });
    const resumed = subscribeOverSse(url, DOCUMENT, { after: first?.cursor }, leaving.signal);
    expect(await next(resumed)).toMatchObject({ __typename: 'ForecastIssued', forecast: { targetTime: toIso(at(71)) } });
    expect(await next(stream)).toMatchObject({ forecast: { targetTime: toIso(at(71)) } });
    await market.candles.recordGap(BTC, { from: at(12), to: at(13) }, 'FETCH_FAILED', at(13));
    expect(await next(stream)).toMatchObject({ __typename: 'StreamGap', from: toIso(at(12)), reason: 'FETCH_FAILED' });
    await market.database.sessions.run({ name: 'test-epoch', text: 'update event_log_head set epoch = gen_random_uuid(), seq = 0' });
    expect(await next(stream)).toMatchObject({ __typename: 'StreamReset', code: 'CURSOR_EPOCH_MISMATCH' });
    leaving.abort();
  });

  async function issue(minute: number): Promise<void> {
    const asOf = at(minute);
    const model = { name: 'lstm-test', version: '1', kind: 'LSTM', sha256: 'a'.repeat(64), artifactPath: 'x.onnx' } as const;
    const { id: modelId } = await market.forecasts.saveModel({
      ...model,
      trainedFrom: at(-9),
      trainedThrough: at(0),
      featureSchema: 1,
      card: {},
    });
    const quantiles = QUANTILE_LEVELS.map((level) => ({ level, logReturn: level - 0.5, value: toDecimal('1000.00') }));
    const forecast = {
      ...{ instrumentId: BTC, modelId, horizon: HORIZON, asOf, targetTime: addMs(asOf, horizonMs(HORIZON)) },
      ...{ refPrice: toDecimal('1000.50'), pUp: 0.5, reference: { modelId, sigma: 0.01 }, quantiles },
    };
    const batch = { instrumentId: BTC, modelId, asOf, input: new Uint8Array([1]), codeVersion: 'test', forecasts: [forecast] };
    await market.forecasts.appendForecasts([batch], 1_000_000_000_000);
  }
});
