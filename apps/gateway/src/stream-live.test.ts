import { type CandleStreamEvent, createClient } from '@candlecast/client';
import { addMs, foldCandles, toDecimal, toIso, toStreamCursor } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { subscribeOverSse } from './testing/sse.ts';
import { at, BTC, ETH, minuteOf, startTestMarket, type TestMarket } from './testing/test-market.ts';

type Client = ReturnType<typeof createClient>;
type StreamOptions = Parameters<Client['candles']['stream']>[0];

let market: TestMarket;
let client: Client;
let httpUrl: string;
let stopping: AbortController;

beforeEach(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  const gateway = await market.startGateway({ heartbeatMs: 300 });
  ({ httpUrl } = gateway);
  client = createClient({ url: httpUrl, webSocketImpl: WebSocket });
  stopping = new AbortController();
});

afterEach(async () => {
  stopping.abort();
  await client.close();
  await market.stop();
});

/** Collects what a stream yields. */
function collect(options: Omit<StreamOptions, 'signal'>): CandleStreamEvent[] {
  const events: CandleStreamEvent[] = [];
  void (async () => {
    for await (const event of client.candles.stream({ ...options, signal: stopping.signal })) events.push(event);
  })();
  return events;
}

const ofKind = <K extends CandleStreamEvent['kind']>(events: readonly CandleStreamEvent[], kind: K) =>
  events.filter((event): event is Extract<CandleStreamEvent, { kind: K }> => event.kind === kind);

describe('open candles', () => {
  it('are shown as they come, and never once they are closed', async () => {
    await market.close(BTC, 0, 3);
    const events = collect({ symbols: [BTC], interval: '1m', throttleMs: 0 });
    await eventually(() => expect(ofKind(events, 'heartbeat')).not.toEqual([]));
    market.open(BTC, 3, { close: toDecimal('1.10') });
    await eventually(() =>
      expect(ofKind(events, 'update').at(-1)?.candle).toMatchObject({ openTime: toIso(at(3)), close: '1.10', isClosed: false }),
    );
    await market.close(BTC, 3, 4);
    await eventually(() =>
      expect(ofKind(events, 'closed').at(-1)?.candle).toMatchObject({ openTime: toIso(at(3)), close: '1003.50', isClosed: true }),
    );
    const before = ofKind(events, 'update').length;
    market.open(BTC, 3, { close: toDecimal('9.99') }); // late
    market.open(BTC, 4);
    await eventually(() => expect(ofKind(events, 'update').length).toBeGreaterThan(before));
    expect(
      ofKind(events, 'update')
        .slice(before)
        .map(({ candle }) => candle.openTime),
    ).not.toContain(toIso(at(3)));
  });

  it('of longer intervals hold the closed minutes of the bucket and the open one, exactly', async () => {
    await market.close(BTC, 0, 7);
    market.open(BTC, 7, { high: toDecimal('5000.00') });
    const events = collect({ symbols: [BTC], interval: '5m', snapshot: 3, throttleMs: 0 });
    const last = () => ofKind(events, 'update').at(-1)?.candle;
    const expectFold = (...parts: ReturnType<typeof minuteOf>[]) => {
      const { firstTradeId: _, lastTradeId: __, openTime, ...values } = foldCandles(at(5), parts);
      return eventually(() =>
        expect(last()).toMatchObject({ ...values, openTime: toIso(openTime), closeTime: toIso(at(10)), isClosed: false }),
      );
    };
    await expectFold(minuteOf(5), minuteOf(6), minuteOf(7, { high: toDecimal('5000.00') }));
    await market.close(BTC, 7, 8); // without the spike
    await expectFold(minuteOf(5), minuteOf(6), minuteOf(7));
    market.open(BTC, 8);
    await expectFold(minuteOf(5), minuteOf(6), minuteOf(7), minuteOf(8));
    await market.candles.commitClosed(
      [{ instrumentId: BTC, candles: [minuteOf(6, { high: toDecimal('7000.00'), tradeCount: 11 })] }],
      at(9),
    );
    await expectFold(minuteOf(5), minuteOf(6, { high: toDecimal('7000.00'), tradeCount: 11 }), minuteOf(7), minuteOf(8));
    await market.close(BTC, 8, 10);
    await eventually(() =>
      expect(ofKind(events, 'closed').at(-1)?.candle).toMatchObject({ openTime: toIso(at(5)), high: '7000.00', tradeCount: 51 }),
    );
    expect(ofKind(events, 'snapshot')[0]?.candles.map(({ openTime }) => openTime)).toEqual([toIso(at(0)), toIso(at(5))]);
  });

  it('are conflated to the newest and throttled', async () => {
    const events = collect({ symbols: [BTC], interval: '1m', throttleMs: 400 });
    await eventually(() => expect(ofKind(events, 'heartbeat')).not.toEqual([]));
    for (let change = 0; change < 200; change++) market.open(BTC, 0, { close: toDecimal(`${change}`) });
    await eventually(() => expect(ofKind(events, 'update').at(-1)?.candle.close).toBe('199'));
    expect(ofKind(events, 'update').length).toBeLessThan(4);
  });

  it('are left out on request', async () => {
    await market.close(BTC, 0, 2);
    const events = collect({ symbols: [BTC], interval: '5m', snapshot: 5, closedOnly: true });
    await eventually(() => expect(ofKind(events, 'heartbeat')).not.toEqual([]));
    await market.close(BTC, 2, 6);
    market.open(BTC, 6);
    await eventually(() => expect(ofKind(events, 'closed')).toHaveLength(1));
    await eventually(() => expect(events.at(-1)?.kind).toBe('heartbeat'));
    expect(ofKind(events, 'update')).toEqual([]);
    expect(ofKind(events, 'snapshot')).toMatchObject([{ candles: [] }]);
  });
});

describe('what else a stream tells', () => {
  it('keeps several symbols apart, each with its own snapshot', async () => {
    await market.close(BTC, 0, 4);
    await market.close(ETH, 0, 2);
    const events = collect({ symbols: ['ETHUSDT', BTC], interval: '1m', snapshot: 3 });
    await eventually(() => expect(ofKind(events, 'snapshot')).toHaveLength(2));
    const lengths = Object.fromEntries(ofKind(events, 'snapshot').map(({ symbol, candles }) => [symbol, candles.length]));
    expect(lengths).toEqual({ [BTC]: 3, [ETH]: 2 });
    expect(new Set(ofKind(events, 'snapshot').map(({ cursor }) => cursor)).size).toBe(1);
    await market.close(ETH, 2, 3);
    await eventually(() => expect(ofKind(events, 'closed')).toMatchObject([{ symbol: ETH, candle: { openTime: toIso(at(2)) } }]));
  });

  it('says that it is alive, with a cursor to resume after', async () => {
    await market.close(BTC, 0, 2);
    const events = collect({ symbols: [ETH], interval: '1m' });
    await eventually(() => expect(ofKind(events, 'heartbeat').length).toBeGreaterThan(1));
    await market.close(BTC, 2, 3); // of nobody's interest here
    const heartbeats = () => ofKind(events, 'heartbeat');
    const head = toStreamCursor(await market.log.head());
    await eventually(() => expect(heartbeats().at(-1)?.cursor).toBe(head));
    const resumed = collect({ symbols: [BTC], interval: '1m', after: head });
    await eventually(() => expect(ofKind(resumed, 'heartbeat')).not.toEqual([]));
    expect(ofKind(resumed, 'closed')).toEqual([]);
    expect(heartbeats()[0]?.at).toBe(toIso(at(2)));
  });

  it('shows gaps as they are found and as they are closed, and corrections', async () => {
    await market.close(BTC, 0, 2);
    const events = collect({ symbols: [BTC], interval: '1m' });
    await eventually(() => expect(ofKind(events, 'heartbeat')).not.toEqual([]));
    await market.candles.recordGap(BTC, { from: at(2), to: at(4) }, 'PENDING', at(5));
    await eventually(() =>
      expect(ofKind(events, 'gap')).toMatchObject([
        { symbol: BTC, from: toIso(at(2)), to: toIso(at(4)), reason: 'PENDING', isResolved: false },
      ]),
    );
    await market.close(BTC, 2, 4);
    await eventually(() => expect(ofKind(events, 'gap').at(-1)).toMatchObject({ isResolved: true, from: toIso(at(2)) }));
    await market.candles.commitClosed([{ instrumentId: BTC, candles: [minuteOf(1, { close: toDecimal('1.00'), tradeCount: 99 })] }], at(6));
    await eventually(() =>
      expect(ofKind(events, 'correction')).toMatchObject([{ candle: { openTime: toIso(at(1)), close: '1.00', revision: 1 } }]),
    );
  });

  it('goes on when the database has cut every connection', async () => {
    await market.close(BTC, 0, 2);
    const events = collect({ symbols: [BTC], interval: '1m', snapshot: 5 });
    await eventually(() => expect(ofKind(events, 'snapshot')).toHaveLength(1));
    await market.cutDatabaseConnections();
    await eventually(() => market.close(BTC, 2, 4));
    await eventually(() => expect(ofKind(events, 'closed').map(({ candle }) => candle.openTime)).toEqual([toIso(at(2)), toIso(at(3))]), {
      timeoutMs: 15_000,
    });
    expect(ofKind(events, 'reset')).toEqual([]);
    await eventually(async () => expect((await fetch(httpUrl.replace('/graphql', '/ready'))).status).toBe(200));
  });

  it('ends with an error and lets the client go on when the gateway stops', async () => {
    const gateway = await market.startGateway();
    const response = subscribeOverSse(gateway.httpUrl, 'subscription { feedStatus { state } }', {}, stopping.signal);
    const ended = response.next().then(
      () => 'complete',
      () => 'cut',
    );
    await gateway.close();
    expect(await ended).toBe('cut');
  });
});

describe('latest-only subscriptions', () => {
  it('send what is there first, then changes', async () => {
    const book = (bidPrice: string) => ({
      instrumentId: BTC,
      bidPrice: toDecimal(bidPrice),
      bidSize: toDecimal('1.0'),
      askPrice: toDecimal('101.5'),
      askSize: toDecimal('2.0'),
      receivedAt: addMs(at(0), 5),
    });
    market.channel.publish({ topic: 'top_of_book', key: BTC, value: book('100.0') });
    market.channel.publish({ topic: 'feed.status', key: 'SIM', value: { venue: 'SIM', state: 'LIVE', since: at(0), detail: null } });
    market.channel.publish({
      topic: 'backfill.progress',
      key: BTC,
      value: { instrumentId: BTC, rowsDone: 5, rowsWanted: 10, etaMs: null },
    });
    const first = async (query: string) => (await subscribeOverSse(httpUrl, query, {}, stopping.signal).next()).value?.data;
    expect(await first('subscription { feedStatus { venue state isSimulated detail } }')).toEqual({
      feedStatus: { venue: 'SIM', state: 'LIVE', isSimulated: true, detail: null },
    });
    expect(await first('subscription { backfillProgress(symbol: "BTCUSDT") { symbol rowsDone rowsWanted etaMs } }')).toEqual({
      backfillProgress: { symbol: BTC, rowsDone: 5, rowsWanted: 10, etaMs: null },
    });
    const books = subscribeOverSse(
      httpUrl,
      'subscription { topOfBook(symbols: ["BTCUSDT"], throttleMs: 0) { bidPrice midPrice spread } }',
      {},
      stopping.signal,
    );
    expect((await books.next()).value?.data).toEqual({ topOfBook: { bidPrice: '100.0', midPrice: '100.75', spread: '1.5' } });
    market.channel.publish({ topic: 'top_of_book', key: BTC, value: book('100.5') });
    expect((await books.next()).value?.data).toMatchObject({ topOfBook: { bidPrice: '100.5' } });
  });
});
