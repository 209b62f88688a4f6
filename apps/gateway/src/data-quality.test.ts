import { DAY_MS, type InstrumentId, MINUTE_MS, toDecimal, toEpochMs, toIso } from '@candlecast/domain';
import { createCandleImporter, createQualityReader } from '@candlecast/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { at, BTC, ETH, minuteOf, START, startTestMarket, type TestMarket } from './testing/test-market.ts';

const LACKING = 'SIM:LACKUSDT' as InstrumentId;

let market: TestMarket;
let url: string;

/** Sound minutes: the volumes of `minuteOf` do not belong to its prices. */
const sound = (minute: number, values: Parameters<typeof minuteOf>[1] = {}) =>
  minuteOf(minute, {
    quoteVolume: toDecimal((1_500 + 1.5 * minute).toFixed(8)),
    takerBuyBaseVolume: toDecimal('1.00000000'),
    takerBuyQuoteVolume: toDecimal('1000.00000000'),
    ...values,
  });

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
  await market.list(BTC, ETH, LACKING);
  market.clock.set(at(62));
  const minutes = Array.from({ length: 60 }, (_, minute) => sound(minute));
  await market.candles.commitClosed([{ instrumentId: BTC, candles: minutes }], at(60));
  // Of ETH the trades of minute 20 are lost, and 30 to 39 are missing, in which nobody traded.
  const broken = minutes
    .filter((_, minute) => minute < 30 || minute >= 40)
    .map((candle, index) => ({
      ...candle,
      firstTradeId: index * 10 + (index >= 20 ? 5 : 0),
      lastTradeId: index * 10 + 9 + (index >= 20 ? 5 : 0),
    }));
  await market.candles.commitClosed([{ instrumentId: ETH, candles: broken }], at(60));
  await market.candles.recordGap(ETH, { from: at(30), to: at(35) }, 'CONFIRMED_EMPTY', at(61));
  await market.candles.recordGap(ETH, { from: at(35), to: at(40) }, 'PENDING', at(61));
  const lacking = minutes.map((candle) => ({ ...candle, firstTradeId: null, lastTradeId: null }));
  await market.candles.commitClosed(
    [
      {
        instrumentId: LACKING,
        candles: [...lacking.slice(0, 50), { ...lacking[50], takerBuyBaseVolume: toDecimal('99') } as (typeof lacking)[0]],
      },
    ],
    at(60),
  );
});
afterAll(() => market.stop());

const GAPS = /* GraphQL */ `
  query ($symbol: ID!, $interval: Interval, $from: DateTime, $to: DateTime, $isResolved: Boolean, $first: Int, $after: String) {
    gaps(symbol: $symbol, interval: $interval, from: $from, to: $to, isResolved: $isResolved, first: $first, after: $after) {
      edges { node { from to reason firstSeenAt attempts lastAttemptAt resolvedAt resolution } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;
type Gaps = {
  gaps: { edges: { node: Record<string, unknown> }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
};

async function gaps(variables: Record<string, unknown>) {
  const { data, errors } = await post<Gaps>(url, GAPS, { symbol: ETH, ...variables });
  expect(errors).toEqual([]);
  return data.gaps;
}

describe('gaps', () => {
  it('are pages of the ledger, oldest first, with what was done about each', async () => {
    const page = await gaps({ first: 1 });
    expect(page.edges).toEqual([
      {
        node: {
          from: toIso(at(30)),
          to: toIso(at(35)),
          reason: 'CONFIRMED_EMPTY',
          firstSeenAt: toIso(at(61)),
          attempts: 1,
          lastAttemptAt: toIso(at(61)),
          resolvedAt: null,
          resolution: null,
        },
      },
    ]);
    expect(page.pageInfo.hasNextPage).toBe(true);
    const rest = await gaps({ first: 5, after: page.pageInfo.endCursor });
    expect(rest.edges.map(({ node }) => node.reason)).toEqual(['PENDING']);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  it('can be of a range, widened to whole candles, and of those that were filled', async () => {
    const reasons = async (variables: Record<string, unknown>) => (await gaps(variables)).edges.map(({ node }) => node.reason);
    expect(await reasons({ to: toIso(at(35)) })).toEqual(['CONFIRMED_EMPTY']);
    expect(await reasons({ from: toIso(at(36)) })).toEqual(['PENDING']);
    expect(await reasons({ from: toIso(at(36)), interval: '30m' })).toEqual(['CONFIRMED_EMPTY', 'PENDING']);
    expect(await reasons({ symbol: BTC })).toEqual([]);
    expect(await reasons({ isResolved: true })).toEqual([]);
    expect(await reasons({ isResolved: false })).toHaveLength(2);
  });

  it('stay in the ledger when they are filled', async () => {
    const filled = 'SIM:FILLUSDT' as InstrumentId;
    await market.list(filled);
    await market.candles.recordGap(filled, { from: at(0), to: at(2) }, 'PENDING', at(61));
    await market.candles.commitClosed([{ instrumentId: filled, candles: [sound(0), sound(1)] }], at(62));
    const { edges } = await gaps({ symbol: filled, isResolved: true });
    expect(edges).toMatchObject([{ node: { reason: 'PENDING', resolvedAt: toIso(at(62)), resolution: 'FETCHED' } }]);
    expect((await gaps({ symbol: filled, isResolved: false })).edges).toEqual([]);
  });

  it('refuse a range turned around, an unknown symbol and too long a page', async () => {
    const codeOf = async (variables: Record<string, unknown>) =>
      (await post(url, GAPS, { symbol: ETH, ...variables })).errors[0]?.extensions.code;
    expect(await codeOf({ from: toIso(at(2)), to: toIso(at(1)) })).toBe('BAD_USER_INPUT');
    expect(await codeOf({ symbol: 'SIM:NOPE' })).toBe('SYMBOL_NOT_FOUND');
    expect(await codeOf({ first: 5_001 })).toBe('RANGE_TOO_LARGE');
  });
});

const PROOF = /* GraphQL */ `
  query ($symbol: ID!, $interval: Interval!, $from: DateTime, $to: DateTime) {
    candles(symbol: $symbol, interval: $interval, from: $from, to: $to, first: 500) {
      certificate { expected present missing tradeIds { state candles unknown breaks breakTimes } }
    }
  }
`;

describe('the certificate', () => {
  const proofOf = async (symbol: string, interval = '1m', range: Record<string, string> = {}) => {
    const { data, errors } = await post<{ candles: { certificate: { tradeIds: unknown } } }>(url, PROOF, { symbol, interval, ...range });
    expect(errors).toEqual([]);
    return data.candles.certificate.tradeIds;
  };

  it('proves by trade ids that no trade is missing, on any interval', async () => {
    const proof = { state: 'CONTIGUOUS', candles: 60, unknown: 0, breaks: 0, breakTimes: [] };
    expect(await proofOf(BTC)).toEqual(proof);
    expect(await proofOf(BTC, '5m')).toEqual(proof);
  });

  it('names the place where trades are missing, and passes a hole in which nobody traded', async () => {
    expect(await proofOf(ETH)).toEqual({ state: 'BROKEN', candles: 50, unknown: 0, breaks: 1, breakTimes: [toIso(at(20))] });
    expect(await proofOf(ETH, '1m', { from: toIso(at(20)) })).toMatchObject({ state: 'CONTIGUOUS', candles: 30 });
  });

  it('says where it does not know', async () => {
    expect(await proofOf(LACKING)).toMatchObject({ state: 'UNKNOWN', unknown: 50, breaks: 0 });
    expect(await proofOf(BTC, '1m', { from: toIso(at(1_000)), to: toIso(at(1_010)) })).toMatchObject({ state: 'UNKNOWN', candles: 0 });
  });
});

const QUALITY = /* GraphQL */ `
  query ($symbol: ID!, $from: DateTime!, $to: DateTime!) {
    dataQuality(symbol: $symbol, from: $from, to: $to) {
      symbol from to candles findings { check count examples } longestZeroVolumeRun largestScore stalenessMs
      tradeIds { state }
      audits { from to auditedAt expected present excused missing offGrid }
      importedFiles { name sha256 isVerified importedAt rows inserted corrected completed unchanged offGrid refused }
    }
  }
`;

describe('dataQuality', () => {
  const hour = { from: toIso(START), to: toIso(at(60)) };

  it('tells what the checks find, how old the data is, and what audits and imports did', async () => {
    const window = { from: START, to: at(60), auditedAt: at(61), expected: 60, present: 51, excused: 0, missing: 9, offGrid: 0 };
    await createQualityReader(market.database).saveAudit(LACKING, window);
    const counts = { rows: 51, inserted: 50, corrected: 0, completed: 1, unchanged: 0, offGrid: 2, refused: 0 };
    const file = { name: 'LACKUSDT-1m-2022-01.zip', sha256: 'ab', isVerified: true, importedAt: at(61), ...counts };
    await createCandleImporter(market.database).saveImportedFile(LACKING, { ...file, refusals: {} });
    const { data, errors } = await post<{ dataQuality: object }>(url, QUALITY, { symbol: LACKING, ...hour });
    expect(errors).toEqual([]);
    expect(data.dataQuality).toEqual({
      symbol: LACKING,
      ...hour,
      candles: 51,
      findings: [{ check: 'TAKER_ABOVE_TOTAL', count: 1, examples: [toIso(at(50))] }],
      longestZeroVolumeRun: 0,
      largestScore: expect.any(Number),
      stalenessMs: 11 * MINUTE_MS,
      tradeIds: { state: 'UNKNOWN' },
      audits: [{ ...window, from: toIso(START), to: toIso(at(60)), auditedAt: toIso(at(61)) }],
      importedFiles: [{ ...file, importedAt: toIso(at(61)) }],
    });
  });

  it('finds nothing in sound candles', async () => {
    const { data } = await post<{ dataQuality: object }>(url, QUALITY, { symbol: BTC, ...hour });
    expect(data.dataQuality).toMatchObject({ candles: 60, findings: [], tradeIds: { state: 'CONTIGUOUS' }, audits: [], importedFiles: [] });
  });

  it('refuses a range that is empty or longer than 92 days', async () => {
    const codeOf = async (from: number, to: number) =>
      (await post(url, QUALITY, { symbol: BTC, from: toIso(toEpochMs(from)), to: toIso(toEpochMs(to)) })).errors[0]?.extensions.code;
    expect(await codeOf(START, START)).toBe('BAD_USER_INPUT');
    expect(await codeOf(START, START + 92 * DAY_MS + 1)).toBe('RANGE_TOO_LARGE');
  });
});
