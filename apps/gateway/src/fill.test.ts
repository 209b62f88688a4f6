import { type InstrumentId, SECOND_MS, toIso } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { at, minuteOf, startTestMarket, type TestMarket } from './testing/test-market.ts';

const HOLED = 'SIM:HOLEUSDT' as InstrumentId;
let market: TestMarket;
let url: string;

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
  await market.list(HOLED);
  market.clock.set(at(12));
  const candles = [2, 3, 6, 7, 9].map((minute) => minuteOf(minute));
  await market.candles.commitClosed([{ instrumentId: HOLED, candles }], at(12));
});
afterAll(() => market.stop());

async function ask<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(url, query);
  expect(errors).toEqual([]);
  return data;
}

interface Page {
  readonly edges: {
    readonly cursor: string;
    readonly openTime: string;
    readonly node: { readonly close: string; readonly isFilled: boolean } | null;
  }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
  readonly certificate: Record<string, unknown>;
}
async function load(args: string): Promise<Page> {
  const { candles } = await ask<{ candles: Page }>(`{
    candles(symbol: "HOLEUSDT", interval: "1m", ${args}) {
      edges { cursor openTime node { close isFilled } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      certificate { expected present missing }
    }
  }`);
  return candles;
}
const minutesOf = ({ edges }: Page) => edges.map(({ openTime }) => (Date.parse(openTime) - at(0)) / 60_000);
const shown = (page: Page) => page.edges.map(({ node }) => node && `${node.close}${node.isFilled ? ' filled' : ''}`);

describe('fill of exact candles', () => {
  it('NONE leaves missing ones out', async () => {
    const page = await load('first: 10');
    expect(minutesOf(page)).toEqual([2, 3, 6, 7, 9]);
    expect(shown(page)).toEqual(['1002.50', '1003.50', '1006.50', '1007.50', '1009.50']);
  });

  it('NULL shows their times, and the certificate counts what is there', async () => {
    const page = await load('first: 10, fill: NULL');
    expect(minutesOf(page)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(shown(page)).toEqual(['1002.50', '1003.50', null, null, '1006.50', '1007.50', null, '1009.50']);
    expect(page.certificate).toEqual({ expected: 9, present: 5, missing: 4 }); // the minute that ended a minute ago is due
  });

  it('PREVIOUS_CLOSE repeats the close before, also before the page', async () => {
    expect(shown(await load('first: 10, fill: PREVIOUS_CLOSE'))).toEqual([
      '1002.50',
      '1003.50',
      '1003.50 filled',
      '1003.50 filled',
      '1006.50',
      '1007.50',
      '1007.50 filled',
      '1009.50',
    ]);
    expect(shown(await load(`from: "${toIso(at(5))}", first: 2, fill: PREVIOUS_CLOSE`))).toEqual(['1003.50 filled', '1006.50']);
  });

  it.each(['NULL', 'PREVIOUS_CLOSE'])('pages through every bucket once with %s, in both directions', async (fill) => {
    const [forward, backward]: [number[], number[]] = [[], []];
    for (let more = `first: 3, fill: ${fill}`; ; ) {
      const page = await load(more);
      forward.push(...minutesOf(page));
      if (!page.pageInfo.hasNextPage) break;
      more = `first: 3, fill: ${fill}, after: "${page.pageInfo.endCursor}"`;
    }
    for (let more = `last: 3, fill: ${fill}`; ; ) {
      const page = await load(more);
      backward.unshift(...minutesOf(page));
      if (!page.pageInfo.hasPreviousPage) break;
      more = `last: 3, fill: ${fill}, before: "${page.pageInfo.startCursor}"`;
    }
    expect(forward).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(backward).toEqual(forward);
  });
});

describe('fill of bars', () => {
  const bars = async (args: string) => {
    const found = await ask<{ bars: { t: number[]; c: (number | null)[]; v: (number | null)[] } }>(
      `{ bars(symbol: "HOLEUSDT", interval: "1m", ${args}) { t c v } }`,
    );
    return { ...found.bars, t: found.bars.t.map((time) => time / 60 - at(0) / 60_000) };
  };
  const to = `to: ${at(60) / SECOND_MS}`;

  it('stands for missing buckets up to the newest candle', async () => {
    expect(await bars(`${to}, countback: 4, fill: NULL`)).toEqual({
      t: [6, 7, 8, 9],
      c: [1_006.5, 1_007.5, null, 1_009.5],
      v: [1.5, 1.5, null, 1.5],
    });
    expect(await bars(`${to}, countback: 5, fill: PREVIOUS_CLOSE`)).toEqual({
      t: [5, 6, 7, 8, 9],
      c: [1_003.5, 1_006.5, 1_007.5, 1_007.5, 1_009.5],
      v: [0, 1.5, 1.5, 0, 1.5],
    });
    expect((await bars(`${to}, countback: 4`)).t).toEqual([3, 6, 7, 9]);
  });

  it('fills a range of its own', async () => {
    const range = (from: number, end: number) => `from: ${at(from) / SECOND_MS}, to: ${at(end) / SECOND_MS}`;
    expect((await bars(`${range(0, 5)}, fill: NULL`)).t).toEqual([2, 3, 4]);
    expect(await bars(`${range(4, 6)}, fill: PREVIOUS_CLOSE`)).toEqual({ t: [4, 5], c: [1_003.5, 1_003.5], v: [0, 0] });
    expect((await bars(`${range(20, 25)}, fill: NULL`)).t).toEqual([]);
  });
});
