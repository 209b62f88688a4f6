import { addMs, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS, toDecimal, toIso } from '@candlecast/domain';
import { createBookWriter, createTradeWriter } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SseResult, subscribeOverSse } from './testing/sse.ts';
import { at, BTC, ETH, START, startTestMarket, type TestMarket } from './testing/test-market.ts';

const CANDLES = `subscription ($symbols: [ID!]!, $interval: Interval!, $snapshot: Int, $after: Cursor, $closedOnly: Boolean, $clock: ClockInput) {
  candles(symbols: $symbols, interval: $interval, snapshot: $snapshot, after: $after, closedOnly: $closedOnly, clock: $clock, throttleMs: 0) {
    __typename
    ... on CandleSnapshot { symbol cursor candles { openTime close isClosed } }
    ... on CandleUpdate { symbol candle { openTime close } }
    ... on CandleClosed { symbol cursor candle { openTime closeTime close knownAt revision } }
    ... on CandleCorrection { symbol cursor candle { openTime close revision knownAt } }
    ... on StreamHeartbeat { at cursor }
  } }`;
const END = at(60);

let market: TestMarket;
let httpUrl: string;
const readers: AbortController[] = [];

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  for (let minute = 0; minute < 60; minute += 1) {
    await market.close(BTC, minute, minute + 1);
    await market.close(ETH, minute, minute + 1);
  }
  ({ httpUrl } = await market.startGateway());
});
afterAll(() => market.stop());
afterEach(() => {
  market.clock.set(END);
  for (const reader of readers.splice(0)) reader.abort();
});

/** Subscribes and collects what comes; `isOver` once the subscription has ended by itself. */
function watch(query: string, variables: Record<string, unknown>) {
  const reader = new AbortController();
  readers.push(reader);
  const results: SseResult[] = [];
  const watched = { results, isOver: false, stop: () => reader.abort() };
  void (async () => {
    try {
      for await (const result of subscribeOverSse(httpUrl, query, variables, reader.signal)) results.push(result);
      watched.isOver = true;
    } catch (cause) {
      if (!reader.signal.aborted) throw cause;
    }
  })();
  return watched;
}

const candlesOf = ({ results }: { results: readonly SseResult[] }) => results.flatMap(({ data }) => (data?.candles ? [data.candles] : []));
const closesOf = (watched: { results: readonly SseResult[] }) =>
  candlesOf(watched)
    .filter(({ __typename }) => __typename === 'CandleClosed')
    .map(({ symbol, candle }) => `${symbol} ${((Date.parse((candle as { openTime: string }).openTime) - START) as number) / MINUTE_MS}`);
const clockAt = (replayFrom: EpochMs, speed = 60, anchoredAt?: EpochMs) => ({
  replayFrom: toIso(replayFrom),
  speed,
  ...(anchoredAt === undefined ? {} : { anchoredAt: toIso(anchoredAt) }),
});

describe('a subscription with a clock', () => {
  it('moves with its clock, at its speed, and shows nothing before its time', async () => {
    const watched = watch(CANDLES, { symbols: [BTC], interval: '1m', closedOnly: true, clock: clockAt(at(10)) });
    await eventually(() => expect(candlesOf(watched)[0]?.__typename).toBe('StreamHeartbeat'));
    expect(closesOf(watched)).toEqual([]);
    market.clock.advance(2_999);
    await eventually(() => expect(closesOf(watched)).toEqual([10, 11].map((minute) => `${BTC} ${minute}`)));
    market.clock.advance(1);
    await eventually(() => expect(closesOf(watched)).toEqual([10, 11, 12].map((minute) => `${BTC} ${minute}`)));
  });

  it('begins with a snapshot as of then, and goes on behind a cursor', async () => {
    const variables = { symbols: [BTC, ETH], interval: '5m', closedOnly: false, clock: clockAt(at(17), 3_600, END) };
    const first = watch(CANDLES, { ...variables, snapshot: 2 });
    await eventually(() => expect(candlesOf(first).filter(({ __typename }) => __typename === 'CandleSnapshot')).toHaveLength(2));
    expect(candlesOf(first)[0]?.candles).toMatchObject([
      { openTime: toIso(at(10)), isClosed: true },
      { openTime: toIso(at(15)), isClosed: false, close: '1016.50' },
    ]);
    market.clock.advance(200);
    await eventually(() => expect(closesOf(first)).toHaveLength(4));
    const cursor = candlesOf(first).find(({ __typename }) => __typename === 'CandleClosed')?.cursor;
    const second = watch(CANDLES, { ...variables, after: cursor });
    await eventually(() => expect(closesOf(second)).toEqual(closesOf(first).slice(1)));
  });

  it('is the same for all who share an anchor', async () => {
    const clock = clockAt(at(20), 600, addMs(END, -SECOND_MS));
    const panes = [BTC, ETH].map((symbol) => watch(CANDLES, { symbols: [symbol], interval: '1m', closedOnly: true, clock }));
    // A second at speed 600 has passed before they came: they begin at minute 30.
    for (const pane of panes) {
      await eventually(() => expect(candlesOf(pane)[0]).toMatchObject({ __typename: 'StreamHeartbeat', at: toIso(at(30)) }));
    }
  });

  it('stands still at speed 0', async () => {
    const watched = watch(CANDLES, { symbols: [BTC], interval: '1m', closedOnly: true, clock: clockAt(at(10), 0) });
    await eventually(() => expect(candlesOf(watched)).toHaveLength(1));
    market.clock.advance(HOUR_MS);
    const other = watch(CANDLES, { symbols: [BTC], interval: '1m', closedOnly: true, clock: clockAt(at(58), 0) });
    await eventually(() => expect(candlesOf(other)).toMatchObject([{ __typename: 'StreamHeartbeat', at: toIso(at(58)) }]));
    expect(candlesOf(watched)).toMatchObject([{ __typename: 'StreamHeartbeat', at: toIso(at(10)) }]);
  });

  it('ends when it has reached the present, with the cursor of the live stream', async () => {
    const watched = watch(CANDLES, { symbols: [BTC], interval: '1m', closedOnly: true, clock: clockAt(at(50), 3_600, at(0)) });
    await eventually(() => expect(watched.isOver).toBe(true));
    const { cursor } = candlesOf(watched).at(-1) ?? {};
    const live = watch(CANDLES, { symbols: [BTC], interval: '1m', closedOnly: true, after: cursor });
    await eventually(() => expect(candlesOf(live)[0]?.__typename).toBe('StreamHeartbeat'));
    expect(closesOf(live)).toEqual([]);
  });

  it.each([
    ['a beginning that lies ahead', clockAt(addMs(END, HOUR_MS)), 'BAD_USER_INPUT'],
    ['a speed that is too high', clockAt(START, 3_601), 'BAD_USER_INPUT'],
    ['a speed below nothing', clockAt(START, -1), 'BAD_USER_INPUT'],
    ['an anchor that lies ahead', clockAt(START, 1, addMs(END, HOUR_MS)), 'BAD_USER_INPUT'],
  ])('is refused for %s', async (_, clock, code) => {
    const watched = watch(CANDLES, { symbols: [BTC], interval: '1m', clock });
    await eventually(() => expect(watched.results[0]?.errors?.[0]?.extensions.code).toBe(code));
  });

  it('is refused to a caller who has twenty already, until one of them ends', async () => {
    const clock = clockAt(at(10), 0);
    const begun = (watched: { results: readonly SseResult[] }) => candlesOf(watched).length === 1;
    const open = () => watch(CANDLES, { symbols: [BTC], interval: '1m', closedOnly: true, clock });
    const first = Array.from({ length: 20 }, open);
    await eventually(() => expect(first.every(begun)).toBe(true));
    const another = open();
    await eventually(() => expect(another.results[0]?.errors?.[0]?.extensions.code).toBe('RATE_LIMITED'));
    first[0]?.stop();
    await eventually(async () => {
      const last = open();
      await eventually(() => expect(last.results).toHaveLength(1));
      if (!begun(last)) throw new Error('not yet');
    });
  });

  it('takes no cursor of the live stream, nor the live stream one of a replay', async () => {
    const replayed = watch(CANDLES, { symbols: [BTC], interval: '1m', closedOnly: true, clock: clockAt(at(10), 0) });
    await eventually(() => expect(candlesOf(replayed)).toHaveLength(1));
    const mixed = watch(CANDLES, { symbols: [BTC], interval: '1m', after: candlesOf(replayed)[0]?.cursor });
    await eventually(() => expect(mixed.results[0]?.errors?.[0]?.extensions.code).toBe('CURSOR_INVALID'));
  });
});

describe('what is not candles, with a clock', () => {
  it('shows the top of the book as it was sampled', async () => {
    const sizes = { bidSize: toDecimal('1'), askPrice: toDecimal('9'), askSize: toDecimal('1') };
    const sample = (second: number, bid: string) => ({
      instrumentId: BTC,
      at: addMs(at(5), second * SECOND_MS),
      bidPrice: toDecimal(bid),
      ...sizes,
      updateId: second,
    });
    await createBookWriter(market.database).storeBooks([sample(0, '1'), sample(10, '2'), sample(20, '3')]);
    const query =
      'subscription ($clock: ClockInput) { topOfBook(symbols: ["BTCUSDT"], throttleMs: 0, clock: $clock) { bidPrice receivedAt } }';
    const watched = watch(query, { clock: clockAt(addMs(at(5), SECOND_MS), 1) });
    const bids = () => watched.results.map(({ data }) => data?.topOfBook?.bidPrice);
    await eventually(() => expect(bids()).toEqual(['1']));
    market.clock.advance(9_000);
    await eventually(() => expect(bids()).toEqual(['1', '2']));
    market.clock.advance(10_000);
    await eventually(() => expect(bids()).toEqual(['1', '2', '3']));
  });

  it('shows trades as they happened', async () => {
    const sides = { price: toDecimal('1'), size: toDecimal('1'), takerSide: 'BUY' } as const;
    const trades = Array.from({ length: 40 }, (_, n) => ({
      instrumentId: BTC,
      aggTradeId: 100 + n,
      tradeTime: addMs(at(6), n * 100),
      firstTradeId: n,
      lastTradeId: n,
      ...sides,
    }));
    await createTradeWriter(market.database).storeTrades(trades);
    const query = 'subscription ($clock: ClockInput) { trades(symbols: ["BTCUSDT"], clock: $clock) { id time leftOut } }';
    const watched = watch(query, { clock: clockAt(at(6), 1) });
    const seen = () => watched.results.map(({ data }) => `${data?.trades?.id} ${data?.trades?.leftOut}`);
    const metrics = async () => (await fetch(httpUrl.replace('/graphql', '/metrics'))).text();
    await eventually(async () => expect(await metrics()).toContain('candlecast_gateway_replays 1\n')); // it has begun
    market.clock.advance(201);
    await eventually(() => expect(seen()).toEqual(['100 0', '101 0', '102 0']));
    market.clock.advance(3_799);
    await eventually(() => expect(seen()).toHaveLength(3 + 25));
    expect(seen()[3]).toBe('115 12');
    expect(seen().at(-1)).toBe('139 0');
  });

  it('sums up the 24 hours before then', async () => {
    const query =
      'subscription ($clock: ClockInput) { marketSummary(symbols: ["BTCUSDT"], clock: $clock) { lastPrice lastTime tradeCount24h } }';
    const watched = watch(query, { clock: clockAt(at(10), 60) });
    const rows = () => watched.results.map(({ data }) => data?.marketSummary);
    await eventually(() => expect(rows()).toMatchObject([{ lastPrice: '1009.50', lastTime: toIso(at(10)), tradeCount24h: 100 }]));
    market.clock.advance(1_000);
    await eventually(() => expect(rows().at(-1)).toMatchObject({ lastPrice: '1010.50', tradeCount24h: 110 }));
  });

  it('tells whether the feed ran', async () => {
    market.clock.set(at(90));
    const query = 'subscription ($clock: ClockInput) { feedStatus(clock: $clock) { venue state since } }';
    const watched = watch(query, { clock: clockAt(at(58), 60) });
    const states = () => watched.results.map(({ data }) => data?.feedStatus?.state);
    await eventually(() => expect(states()).toEqual(['LIVE']));
    market.clock.advance(10_000);
    await eventually(() => expect(states()).toEqual(['LIVE', 'STALE']));
  });
});
