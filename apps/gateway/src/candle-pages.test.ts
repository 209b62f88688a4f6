import { type InstrumentId, toIso, toPageCursor, toStreamCursor } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { at, BTC, minuteOf, startTestMarket, type TestMarket } from './testing/test-market.ts';

const HOLED = 'SIM:HOLEUSDT' as InstrumentId;

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly openTime: string; readonly isClosed: boolean } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly certificate: Record<string, unknown>;
}

const CANDLES = /* GraphQL */ `
  query ($symbol: ID!, $interval: Interval!, $from: DateTime, $to: DateTime, $first: Int, $after: String, $last: Int, $before: String) {
    candles(symbol: $symbol, interval: $interval, from: $from, to: $to, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { openTime isClosed } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      certificate { expected present missing coverage gaps { from to reason } }
    }
  }
`;

let market: TestMarket;
let url: string;

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
  await market.list(BTC, HOLED);
  await market.close(BTC, 0, 250);
  await market.close(HOLED, 0, 10);
  await market.candles.recordGap(HOLED, { from: at(10), to: at(20) }, 'EXCHANGE_OUTAGE', at(20));
  await market.close(HOLED, 20, 30);
  await market.candles.commitClosed([{ instrumentId: HOLED, candles: [minuteOf(35)] }], at(36)); // 30 to 34 are missing, nobody knows why
});

afterAll(() => market.stop());

async function load(variables: Record<string, unknown>): Promise<Page> {
  const { data, errors } = await post<{ candles: Page }>(url, CANDLES, { symbol: BTC, interval: '1m', ...variables });
  expect(errors).toEqual([]);
  return data.candles;
}

const times = (page: Page) => page.edges.map(({ node }) => node.openTime);
const minutes = (from: number, to: number, step = 1) =>
  Array.from({ length: (to - from) / step }, (_, index) => toIso(at(from + index * step)));
const codeOf = async (variables: Record<string, unknown>) =>
  (await post(url, CANDLES, { symbol: BTC, interval: '1m', ...variables })).errors[0]?.extensions.code;

describe('pages of candles', () => {
  it('lead forward through a range, every candle once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 10; pages++) {
      const page = await load({ first: 60, after, from: toIso(at(10)), to: toIso(at(200)) });
      seen.push(...times(page));
      after = page.pageInfo.endCursor;
      expect(page.pageInfo.hasPreviousPage).toBe(pages > 0);
      expect(page.certificate).toMatchObject({ missing: 0, coverage: '1.000000', expected: page.edges.length });
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(minutes(10, 200));
  });

  it('lead backward through a range, every candle once', async () => {
    const seen: string[] = [];
    let before: string | null = null;
    for (let pages = 0; pages < 10; pages++) {
      const page = await load({ interval: '5m', last: 15, before, to: toIso(at(240)) });
      seen.unshift(...times(page));
      before = page.pageInfo.startCursor;
      expect(page.pageInfo.hasNextPage).toBe(pages > 0);
      if (!page.pageInfo.hasPreviousPage) break;
    }
    expect(seen).toEqual(minutes(0, 240, 5));
  });

  it('show the newest hundred when nothing else is asked, the open bucket last', async () => {
    expect(times(await load({}))).toEqual(minutes(150, 250));
    const hours = await load({ interval: '1h' });
    expect(hours.edges.map(({ node }) => node.isClosed)).toEqual([true, true, true, true, false]);
    expect(hours.certificate).toEqual({ expected: 4, present: 4, missing: 0, coverage: '1.000000', gaps: [] });
  });

  it('take a range off the grid and an empty one', async () => {
    expect(times(await load({ first: 9, from: '2022-01-03T00:00:30+00:00', to: '2022-01-03T01:03:00.001+01:00' }))).toEqual(minutes(1, 4));
    expect(times(await load({ first: 9, from: toIso(at(400)), to: toIso(at(500)) }))).toEqual([]);
    expect(times(await load({ first: 0 }))).toEqual([]);
    expect((await load({ first: 3, after: toPageCursor(at(248)) })).pageInfo).toMatchObject({
      hasNextPage: false,
      endCursor: toPageCursor(at(249)),
    });
  });

  it('refuse what makes no sense', async () => {
    expect(await codeOf({ first: 1, last: 1 })).toBe('BAD_USER_INPUT');
    expect(await codeOf({ first: -1 })).toBe('BAD_USER_INPUT');
    expect(await codeOf({ from: toIso(at(2)), to: toIso(at(1)) })).toBe('BAD_USER_INPUT');
    expect(await codeOf({ from: 'yesterday' })).toBe('BAD_USER_INPUT');
    expect(await codeOf({ first: 5_001 })).toBe('RANGE_TOO_LARGE');
    expect(await codeOf({ first: 1, after: 'nonsense' })).toBe('CURSOR_INVALID');
    expect(await codeOf({ first: 1, after: toStreamCursor(await market.log.head()) })).toBe('CURSOR_INVALID');
  });
});

describe('a certificate', () => {
  it('counts what is missing and says why, recorded or not', async () => {
    market.clock.set(at(250));
    const page = await load({ symbol: HOLED, first: 100, from: toIso(at(0)), to: toIso(at(36)) });
    expect(page.certificate).toEqual({
      expected: 36,
      present: 21,
      missing: 15,
      coverage: '0.583333',
      gaps: [
        { from: toIso(at(10)), to: toIso(at(20)), reason: 'EXCHANGE_OUTAGE' },
        { from: toIso(at(30)), to: toIso(at(35)), reason: 'PENDING' },
      ],
    });
  });

  it('speaks for the page, not for what comes after it', async () => {
    const page = await load({ symbol: HOLED, first: 5, from: toIso(at(0)), to: toIso(at(36)) });
    expect(page.certificate).toMatchObject({ expected: 5, present: 5, missing: 0, gaps: [] });
  });

  it('shows silence up to now as missing, and does not count what may still come', async () => {
    const page = await load({ symbol: HOLED, interval: '5m', first: 100, from: toIso(at(20)), to: toIso(at(1_000)) });
    expect(page.certificate).toMatchObject({ expected: 45, present: 3 });
  });
});
