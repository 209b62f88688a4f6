import { SECOND_MS, toDecimal } from '@candlecast/domain';
import { createCandleImporter } from '@candlecast/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import known from './guard/known-documents.json' with { type: 'json' };
import { post } from './testing/post.ts';
import { at, BTC, ETH, minuteOf, startTestMarket, type TestMarket } from './testing/test-market.ts';

const CHUNK = 480;
const LASTING = 'public, max-age=31536000, s-maxage=31536000, immutable';
const A_SECOND = 'public, max-age=1, stale-if-error=86400';
const seconds = (minute: number) => at(minute) / SECOND_MS;
const FIRST = { symbol: BTC, interval: '1m', from: seconds(0), to: seconds(CHUNK) };

let market: TestMarket;
let urls: string[];

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  await market.close(BTC, 0, 4 * CHUNK + 7);
  urls = [(await market.startGateway()).httpUrl, (await market.startGateway()).httpUrl];
});
afterAll(() => market.stop());

const url = () => urls[0] as string;
interface Chunks {
  readonly chunks: readonly { readonly from: number; readonly to: number; readonly revision: string | null }[];
  readonly tailFrom: number | null;
  readonly tail: { readonly t: number[]; readonly o: number[]; readonly cursor: string } | null;
  readonly firstTime: number | null;
  readonly cursor: string;
}
const LIST = `query ($symbol: ID!, $interval: Interval!, $from: Int, $to: Int) {
  barChunks(symbol: $symbol, interval: $interval, from: $from, to: $to) {
    chunks { from to revision } tailFrom tail { t o cursor } firstTime cursor
  }
}`;
const BARS = `query ($symbol: ID!, $interval: Interval!, $from: Int, $to: Int!, $countback: Int, $fill: Fill, $asOf: AsOfInput, $revision: String) {
  bars(symbol: $symbol, interval: $interval, from: $from, to: $to, countback: $countback, fill: $fill, asOf: $asOf, revision: $revision) {
    s t o h l c v nextTime revision
  }
}`;

async function list(variables: Record<string, unknown> = {}, address = url()): Promise<Chunks> {
  const { data, errors } = await post<{ barChunks: Chunks }>(address, LIST, { symbol: BTC, interval: '1m', ...variables });
  expect(errors).toEqual([]);
  return data.barChunks;
}
const codeOf = async (query: string, variables: Record<string, unknown>) =>
  (await post(url(), query, variables)).errors[0]?.extensions.code;
const revisionOfFirst = async () => (await list({ from: seconds(0), to: seconds(1) })).chunks[0]?.revision as string;

/** As caches and the page ask: by GET, the document by its hash. */
async function get(name: string, variables: Record<string, unknown>, headers: Record<string, string> = {}, address = url()) {
  const [hash] = Object.entries(known).find(([, text]) => text.startsWith(`query ${name}(`)) ?? [''];
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
  const query = new URLSearchParams({ extensions: JSON.stringify(extensions), variables: JSON.stringify(variables) });
  const answer = await fetch(`${address}?${query}`, { headers });
  return {
    status: answer.status,
    policy: answer.headers.get('cache-control'),
    etag: answer.headers.get('etag'),
    body: await answer.text(),
  };
}

describe('barChunks', () => {
  it('lists the newest closed chunks and the bars that come after them', async () => {
    const { chunks, tailFrom, tail, firstTime, cursor } = await list();
    expect(chunks.map(({ from, to }) => [from, to])).toEqual([1, 2, 3].map((n) => [seconds(n * CHUNK), seconds((n + 1) * CHUNK)]));
    expect(chunks.every(({ revision }) => typeof revision === 'string')).toBe(true);
    expect(tailFrom).toBe(seconds(4 * CHUNK));
    expect(tail).toMatchObject({ t: Array.from({ length: 7 }, (_, n) => seconds(4 * CHUNK + n)), cursor });
    expect(firstTime).toBe(seconds(0));
  });

  it('lists those of a range, which may be older', async () => {
    expect((await list({ to: seconds(2 * CHUNK) })).chunks.map(({ from }) => from)).toEqual([seconds(0), seconds(CHUNK)]);
    expect((await list({ from: seconds(CHUNK + 3), to: seconds(2 * CHUNK) })).chunks.map(({ from }) => from)).toEqual([seconds(CHUNK)]);
    expect((await list({ from: seconds(-9_000) })).chunks).toHaveLength(4);
  });

  it('is empty for a pair without candles', async () => {
    expect(await list({ symbol: ETH })).toMatchObject({ chunks: [], tail: null, tailFrom: null, firstTime: null });
  });

  it('refuses a range of more than a thousand chunks', async () => {
    const OLD = 'SIM:OLDUSDT' as typeof BTC;
    await market.list(OLD);
    await createCandleImporter(market.database).importCandles(OLD, [minuteOf(-1_100 * CHUNK), minuteOf(-1)], at(0));
    await market.close(OLD, 0, 1);
    expect(await codeOf(LIST, { symbol: OLD, interval: '1m', from: 0 })).toBe('RANGE_TOO_LARGE');
    expect((await list({ symbol: OLD, interval: '3m', from: 0 })).chunks.length).toBeGreaterThan(300);
  });
});

describe('bars of a chunk', () => {
  it('are those of its range, and say what the chunk is called now', async () => {
    const revision = await revisionOfFirst();
    const { data } = await post<{ bars: { t: number[] } }>(url(), BARS, { ...FIRST, revision });
    const plain = await post<{ bars: object }>(url(), BARS, FIRST);
    expect(data.bars).toEqual({ ...plain.data.bars, revision });
    expect(data.bars.t).toHaveLength(CHUNK);
    expect(plain.data.bars).toMatchObject({ revision: null });
  });

  it.each([
    ['not a whole chunk', { to: seconds(CHUNK - 1) }],
    ['not aligned', { from: seconds(1), to: seconds(CHUNK + 1) }],
    ['without a beginning', { from: null }],
    ['with countback', { countback: 3 }],
    ['filled', { fill: 'NULL' }],
    ['of the past', { asOf: { eventTime: '2022-01-03T08:00:00Z' } }],
  ])('are refused when what is asked for is %s', async (_, variables) => {
    expect(await codeOf(BARS, { ...FIRST, revision: 'x', ...variables })).toBe('BAD_USER_INPUT');
  });
});

describe('what caches may keep of history', () => {
  it('is a closed chunk for ever, under the address of its present revision, at every gateway', async () => {
    const revision = await revisionOfFirst();
    const [one, two] = await Promise.all(urls.map((address) => get('Chunk', { ...FIRST, revision }, {}, address)));
    expect(one).toMatchObject({ status: 200, policy: LASTING, etag: expect.stringMatching(/^"[\w-]{43}"$/) });
    expect(two).toEqual(one);
    expect(await get('Chunk', { ...FIRST, revision }, { 'if-none-match': one?.etag ?? '' })).toMatchObject({
      status: 304,
      policy: LASTING,
      body: '',
    });
  });

  it('is the live tail for a second', async () => {
    expect(await get('BarChunks', { symbol: BTC, interval: '1m' })).toMatchObject({ status: 200, policy: A_SECOND });
    const tail = { symbol: BTC, interval: '1m', from: seconds(4 * CHUNK), to: seconds(5 * CHUNK) };
    expect(await get('Chunk', { ...tail, revision: null })).toMatchObject({ status: 200, policy: A_SECOND });
    expect(await get('Chunk', { ...tail, revision: 'x' })).toMatchObject({ status: 200, policy: A_SECOND });
  });

  it('is nothing long under a revision that is not the present one, also when it comes to be', async () => {
    const old = await revisionOfFirst();
    await market.candles.commitClosed(
      [{ instrumentId: BTC, candles: [minuteOf(9, { tradeCount: 99, high: toDecimal('7777.00') })] }],
      at(2_000),
    );
    const revision = await revisionOfFirst();
    expect(revision).not.toBe(old);
    const [late, made] = [await get('Chunk', { ...FIRST, revision: old }), await get('Chunk', { ...FIRST, revision: 'made up' })];
    expect(late.policy).toBe(A_SECOND);
    expect(made.policy).toBe(A_SECOND);
    const fresh = await get('Chunk', { ...FIRST, revision });
    expect(fresh.policy).toBe(LASTING);
    for (const { body } of [late, made, fresh]) expect(JSON.parse(body).data.bars).toMatchObject({ revision });
    expect(Math.max(...(JSON.parse(fresh.body).data.bars.h as number[]))).toBe(7_777);
  });

  it('is no error', async () => {
    expect((await get('Chunk', { ...FIRST, to: seconds(3), revision: 'x' })).policy).toBeNull();
    expect((await get('BarChunks', { symbol: 'NOPE', interval: '1m' })).policy).toBeNull();
  });

  it('names corrections in roll-ups, too, within the tail that is a second old', async () => {
    const before = (await list({ interval: '3m' })).chunks;
    await market.candles.commitClosed(
      [{ instrumentId: BTC, candles: [minuteOf(30, { tradeCount: 99, low: toDecimal('1.00') })] }],
      at(2_000),
    );
    const after = await Promise.all(urls.map((address) => list({ interval: '3m' }, address)));
    expect(after[0]?.chunks).toEqual(after[1]?.chunks);
    expect(after[0]?.chunks[0]?.revision).not.toBe(before[0]?.revision);
  });
});
