import { addMs, type InstrumentId, SECOND_MS, toDecimal, toIso } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { at, BTC, ETH, minuteOf, startTestMarket, type TestMarket } from './testing/test-market.ts';

const HOLED = 'SIM:HOLEUSDT' as InstrumentId;
let market: TestMarket;
let url: string;

async function ask<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(url, query);
  expect(errors).toEqual([]);
  return data;
}
const codeOf = async (query: string) => (await post(url, query)).errors[0]?.extensions.code;

/** Everything that can be asked of the past, as it is answered; `asOf` as an argument. */
const PICTURE = (asOf: string) => `{
  candles(symbol: "HOLEUSDT", interval: "5m", first: 50 ${asOf}) {
    edges { cursor node { openTime open high low close baseVolume tradeCount isClosed revision knownAt reconstructed } }
    certificate { expected present missing coverage gaps { from to reason } }
  }
  bars(symbol: "HOLEUSDT", interval: "15m", to: 2000000000, countback: 10 ${asOf}) { s t o h l c v nextTime }
  marketSummary(symbols: ["HOLEUSDT", "ETHUSDT"] ${asOf}) { symbol lastPrice lastTime change24h high24h low24h baseVolume24h tradeCount24h sparkline }
  gaps(symbol: "HOLEUSDT", first: 50 ${asOf}) { edges { node { from to reason firstSeenAt resolvedAt resolution } } }
  freshness(symbols: ["HOLEUSDT", "ETHUSDT"] ${asOf}) { symbol watermark lastEventAt openGaps stalenessMs }
}`;

interface Picture {
  readonly at: string;
  readonly seen: Record<string, unknown>;
}
const pictures: Picture[] = [];

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
  await market.list(BTC, ETH, HOLED);
  const commit = (time: number, ...minutes: number[]) =>
    market.candles.commitClosed([{ instrumentId: HOLED, candles: minutes.map((minute) => minuteOf(minute)) }], at(time));
  const correct = (time: number, minute: number, tradeCount: number) => {
    const candles = [minuteOf(minute, { close: toDecimal(`1.${tradeCount}`), low: toDecimal('0.50'), tradeCount })];
    return market.candles.commitClosed([{ instrumentId: HOLED, candles }], at(time));
  };
  const steps: [number, () => Promise<unknown>][] = [
    [4, () => commit(4, 0, 1, 2, 3)],
    [6, () => commit(6, 4, 5)],
    [7, () => correct(7, 1, 20)],
    [12, () => commit(12, 8, 9, 10, 11)],
    [13, () => market.candles.recordGap(HOLED, { from: at(6), to: at(8) }, 'PENDING', at(13))],
    [14, () => commit(14, 6, 12, 13)],
    [15, () => market.candles.recordGap(HOLED, { from: at(7), to: at(8) }, 'EXCHANGE_OUTAGE', at(15))],
    [16, () => commit(16, 14, 15)],
    [17, () => correct(17, 1, 30)],
    [18, () => market.close(ETH, 0, 18)],
    [40, () => commit(40, ...Array.from({ length: 24 }, (_, index) => 16 + index))],
    [42, () => commit(42, 7)],
  ];
  for (const [time, step] of steps) {
    if (at(time) > market.clock.now()) market.clock.set(at(time));
    await step();
    pictures.push({ at: toIso(at(time)), seen: await ask(PICTURE('')) });
  }
  market.clock.set(at(60));
});
afterAll(() => market.stop());

describe('asOf: { knownAt }', () => {
  it('answers as the gateway answered then, whatever came later', async () => {
    for (const { at: moment, seen } of pictures) {
      expect(await ask(PICTURE(`, asOf: { knownAt: "${moment}" }`)), moment).toEqual(seen);
    }
  });

  it('shows nothing before anything was known', async () => {
    const nothing = await ask<Record<string, unknown>>(PICTURE(`, asOf: { knownAt: "${toIso(at(-10))}" }`));
    expect(nothing).toMatchObject({
      candles: { edges: [] },
      bars: { s: 'no_data', nextTime: null },
      marketSummary: [],
      gaps: { edges: [] },
    });
    expect(nothing.freshness).toMatchObject([{ watermark: null, openGaps: 0 }, { watermark: null }]);
  });
});

describe('asOf: { eventTime }', () => {
  const asOf = `asOf: { eventTime: "${toIso(addMs(at(18), 30 * SECOND_MS))}" }`;

  it('shows today’s values up to then, and the bucket around it from its minutes', async () => {
    const { candles } = await ask<{ candles: { edges: { node: Record<string, unknown> }[]; certificate: unknown } }>(
      `{ candles(symbol: "HOLEUSDT", interval: "5m", ${asOf}) { edges { node { openTime close low isClosed } } certificate { expected present missing } } }`,
    );
    expect(candles.edges.map(({ node }) => [node.openTime, node.isClosed])).toEqual([
      [toIso(at(0)), true],
      [toIso(at(5)), true],
      [toIso(at(10)), true],
      [toIso(at(15)), false],
    ]);
    expect(candles.edges[0]?.node.low).toBe('0.50'); // the correction of minute 17
    expect(candles.edges[3]?.node.close).toBe('1017.50');
    expect(candles.certificate).toEqual({ expected: 3, present: 3, missing: 0 });
    const { bars } = await ask<{ bars: { t: number[] } }>(
      `{ bars(symbol: "HOLEUSDT", interval: "1m", to: 2000000000, countback: 2, ${asOf}) { t } }`,
    );
    expect(bars.t).toEqual([at(16) / SECOND_MS, at(17) / SECOND_MS]);
  });

  it('holds for summaries, gaps and freshness', async () => {
    expect(await ask(`{ marketSummary(symbols: ["HOLEUSDT"], ${asOf}) { lastPrice lastTime low24h } }`)).toEqual({
      marketSummary: [{ lastPrice: '1017.50', lastTime: toIso(at(18)), low24h: '0.50' }],
    });
    expect(await ask(`{ gaps(symbol: "HOLEUSDT", asOf: { eventTime: "${toIso(at(6))}" }) { edges { node { from } } } }`)).toEqual({
      gaps: { edges: [] },
    });
    expect(await ask(`{ freshness(symbols: ["HOLEUSDT"], ${asOf}) { state feedState watermark lastEventAt stalenessMs } }`)).toEqual({
      freshness: [{ state: null, feedState: null, watermark: toIso(at(17)), lastEventAt: toIso(at(18)), stalenessMs: 30_000 }],
    });
  });
});

describe('asOf', () => {
  it('refuses the future, both meanings and none', async () => {
    const candles = (input: string) => `{ candles(symbol: "HOLEUSDT", interval: "1m", asOf: ${input}) { edges { cursor } } }`;
    for (const meaning of ['eventTime', 'knownAt'])
      expect(await codeOf(candles(`{ ${meaning}: "${toIso(at(61))}" }`))).toBe('BAD_USER_INPUT');
    expect(await codeOf(candles('{}'))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(
      await codeOf(`{ bars(symbol: "HOLEUSDT", interval: "1m", to: 5, countback: 1, asOf: { knownAt: "${toIso(at(99))}" }) { s } }`),
    ).toBe('BAD_USER_INPUT');
  });
});
