import { createClient } from '@candlecast/client';
import { type LogPosition, toStreamCursor } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CANDLES } from './testing/documents.ts';
import { closedInLog } from './testing/log-truth.ts';
import { openRawSocket, type RawSocket } from './testing/raw-socket.ts';
import { BTC, ETH, startTestMarket, type TestMarket } from './testing/test-market.ts';

const HISTORY = 5_000;
const BALLAST = 12;
/** How long a busy machine may take to fill a reader's buffers and cut it. */
const CUT_CAP_MS = 60_000;

let market: TestMarket;
let start: LogPosition;

beforeEach(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  await market.close(ETH, 0, HISTORY);
  start = await market.log.head();
});

afterEach(() => market.stop());

const closedOf = (reader: RawSocket, id: string) =>
  reader.received
    .filter((message) => message.type === 'next' && message.id === id)
    .map((message) => (message.payload as { data: { candles: { __typename: string; candle?: { openTime: string } } } }).data.candles)
    .filter(({ __typename }) => __typename === 'CandleClosed')
    .map(({ candle }) => candle?.openTime);

/** A snapshot of some hundred kilobytes. */
const BALLAST_QUERY =
  'subscription { candles(symbols: ["ETHUSDT"], interval: "1m", snapshot: 5000) { ... on CandleSnapshot { candles { openTime closeTime open high low close knownAt } } } }';

describe('a reader that does not keep up', () => {
  it('is cut with the cursor after which it resumes without hole or repeat, and costs others nothing', async () => {
    const gateway = await market.startGateway({ queueCapacity: 20, behindLimitMs: 500 });
    const client = createClient({ url: gateway.httpUrl, webSocketImpl: WebSocket });
    const stopping = new AbortController();
    const healthy: string[] = [];
    const reading = (async () => {
      const after = toStreamCursor(start);
      for await (const event of client.candles.stream({ symbols: [BTC], interval: '1m', after, signal: stopping.signal }))
        if (event.kind === 'closed') healthy.push(event.candle.openTime);
    })();

    const slow = await openRawSocket(gateway.wsUrl);
    slow.socket.pause();
    // More than the kernel's buffers hold: snapshots that nobody takes.
    for (let id = 0; id < BALLAST; id++) slow.send({ id: `ballast ${id}`, type: 'subscribe', payload: { query: BALLAST_QUERY } });
    const variables = { symbols: [BTC], interval: '1m', after: toStreamCursor(start) };
    slow.send({ id: 'slow', type: 'subscribe', payload: { query: CANDLES, variables } });

    // The slow reader's subscription may begin after many of these: minutes follow until it has fallen behind and is cut.
    let minute = 0;
    await eventually(
      async () => {
        await market.close(BTC, minute, minute + 5);
        minute += 5;
        const metrics = await fetch(gateway.httpUrl.replace('graphql', 'metrics'));
        expect(await metrics.text()).toMatch(/slow_readers_total\{transport="websocket"\} [1-9]/);
      },
      { timeoutMs: CUT_CAP_MS },
    );
    const truth = await closedInLog(market, start, BTC);
    expect(truth).toHaveLength(minute);
    await eventually(() => expect(healthy).toEqual(truth), { timeoutMs: CUT_CAP_MS });

    slow.socket.resume();
    const { code, reason } = await slow.closed;
    expect(code).toBe(4290);
    const [, cursor] = /^after=(.+)$/.exec(reason) ?? [];
    const before = closedOf(slow, 'slow');
    expect(before.length).toBeLessThan(truth.length);

    const resumed = await openRawSocket(gateway.wsUrl);
    resumed.send({ id: 'on', type: 'subscribe', payload: { query: CANDLES, variables: { ...variables, after: cursor } } });
    await eventually(() => expect([...before, ...closedOf(resumed, 'on')]).toEqual(truth));
    resumed.socket.close();
    stopping.abort();
    await reading;
    await client.close();
  }, 150_000);

  it('that shared before it stopped is cut without a word of an end: its client would go on no more', async () => {
    const gateway = await market.startGateway({ behindLimitMs: 500 });
    const slow = await openRawSocket(gateway.wsUrl);
    slow.send({
      id: 'slow',
      type: 'subscribe',
      payload: { query: CANDLES, variables: { symbols: [BTC], interval: '1m', after: toStreamCursor(start) } },
    });
    await eventually(() => expect(JSON.stringify(slow.received)).toContain('StreamHeartbeat'));
    slow.socket.pause();
    for (let id = 0; id < BALLAST; id++) slow.send({ id: `ballast ${id}`, type: 'subscribe', payload: { query: BALLAST_QUERY } });
    let minute = 1_000;
    await eventually(
      async () => {
        await market.close(BTC, minute, minute + 5);
        minute += 5;
        const metrics = await fetch(gateway.httpUrl.replace('graphql', 'metrics'));
        expect(await metrics.text()).toMatch(/slow_readers_total\{transport="websocket"\} [1-9]/);
      },
      { timeoutMs: CUT_CAP_MS },
    );
    slow.socket.resume();
    expect((await slow.closed).code).toBe(4290);
    expect(slow.received.filter(({ type }) => type === 'complete')).toEqual([]);
  }, 150_000);

  it('that only stumbles is not cut: what it missed is read from the log', async () => {
    const gateway = await market.startGateway({ queueCapacity: 3, behindLimitMs: 20_000 });
    const client = createClient({ url: gateway.httpUrl, webSocketImpl: WebSocket });
    const stopping = new AbortController();
    const seen: string[] = [];
    const statuses: string[] = [];
    client.onStatus((status) => statuses.push(status));
    const reading = (async () => {
      for await (const event of client.candles.stream({
        symbols: [BTC],
        interval: '1m',
        after: toStreamCursor(start),
        signal: stopping.signal,
      }))
        if (event.kind === 'closed') seen.push(event.candle.openTime);
    })();
    await eventually(() => expect(statuses.at(-1)).toBe('connected'));
    await market.close(BTC, 0, 400); // one burst, far beyond the queue
    await market.close(BTC, 400, 800);
    const truth = await closedInLog(market, start, BTC);
    await eventually(() => expect(seen).toEqual(truth));
    expect(statuses).toEqual(['connecting', 'connected']);
    stopping.abort();
    await reading;
    await client.close();
  });
});
