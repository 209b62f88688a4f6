import { createClient } from '@candlecast/client';
import { type LogPosition, toIso, toStreamCursor } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CANDLES } from './testing/documents.ts';
import { closedInLog } from './testing/log-truth.ts';
import { type Answer, post } from './testing/post.ts';
import { seededRandom } from './testing/seeded-random.ts';
import { subscribeOverSse } from './testing/sse.ts';
import { at, BTC, ETH, startTestMarket, type TestMarket } from './testing/test-market.ts';

const CUTS = 40;

let market: TestMarket;
let start: LogPosition;

beforeEach(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  start = await market.log.head();
});

afterEach(() => market.stop());

/** Commits minutes in steps of four, as ingest does while data flows. */
async function writeMinutes(from: number, to: number, ...ids: (typeof BTC)[]): Promise<void> {
  for (let minute = from; minute < to; minute += 4) for (const id of ids) await market.close(id, minute, minute + 4);
}

describe('a snapshot and live data in one operation', () => {
  it('meet without hole or overlap while candles are being committed', async () => {
    const gateway = await market.startGateway();
    await market.close(BTC, 0, 30);
    const client = createClient({ url: gateway.httpUrl, webSocketImpl: WebSocket });
    const stopping = new AbortController();
    const seen: string[][] = [];
    const readers = [...Array(6).keys()].map(async (index) => {
      const mine: string[] = [];
      seen.push(mine);
      await eventually(async () => expect((await closedInLog(market, start, BTC)).length).toBeGreaterThan(30 + index * 8));
      const symbols = ['BTCUSDT', 'ETHUSDT'];
      for await (const event of client.candles.stream({ symbols, interval: '1m', snapshot: 500, signal: stopping.signal })) {
        if (event.kind === 'snapshot' && event.symbol === BTC) mine.push(...event.candles.map(({ openTime }) => openTime));
        if (event.kind === 'closed' && event.symbol === BTC) mine.push(event.candle.openTime);
      }
    });
    await writeMinutes(30, 130, BTC, ETH);
    const expected = [...Array(130).keys()].map((minute) => toIso(at(minute)));
    for (const mine of seen) await eventually(() => expect(mine).toEqual(expected));
    stopping.abort();
    await Promise.all(readers);
    await client.close();
  });
});

describe('a subscription that is cut and resumed with its cursor', () => {
  it.each([1, 2])('goes on without hole or repeat over WebSocket (seed %i)', async (seed) => {
    const gateways = [await market.startGateway(), await market.startGateway()];
    const random = seededRandom(seed);
    const sockets: WebSocket[] = [];
    class CuttableSocket extends WebSocket {
      constructor(_: string, protocol: string) {
        super(gateways[sockets.length % 2]?.wsUrl ?? '', protocol); // every reconnect lands at the other gateway
        sockets.push(this);
      }
    }
    const client = createClient({ url: gateways[0]?.httpUrl ?? '', webSocketImpl: CuttableSocket });
    const stopping = new AbortController();
    const closed: Record<string, string[]> = { [BTC]: [], [ETH]: [] };
    let recoveries = 0;
    const reading = (async () => {
      const after = toStreamCursor(start);
      for await (const event of client.candles.stream({ symbols: [BTC, ETH], interval: '1m', after, signal: stopping.signal })) {
        if (event.kind === 'closed') closed[event.symbol]?.push(event.candle.openTime);
        if (event.kind === 'recovered') recoveries += 1;
      }
    })();
    for (let cut = 0; cut < CUTS; cut++) {
      await eventually(() => expect(sockets.at(-1)?.readyState).toBe(WebSocket.OPEN), { timeoutMs: 20_000, intervalMs: 2 });
      const enough = (closed[BTC]?.length ?? 0) + Math.floor(random() * 4);
      const writing = writeMinutes(cut * 4, cut * 4 + 4, BTC, ETH);
      await eventually(() => expect(closed[BTC]?.length).toBeGreaterThanOrEqual(enough), { timeoutMs: 20_000, intervalMs: 1 });
      sockets.at(-1)?.terminate();
      await writing;
    }
    for (const id of [BTC, ETH]) {
      const truth = await closedInLog(market, start, id);
      expect(truth).toHaveLength(CUTS * 4);
      await eventually(() => expect(closed[id]).toEqual(truth));
    }
    await eventually(() => expect(sockets.length).toBeGreaterThan(CUTS)); // the last cut may come when all has arrived
    await eventually(() => expect(recoveries).toBeGreaterThan(0));
    stopping.abort();
    await reading;
    await client.close();
  });

  it.each([3, 4])('goes on without hole or repeat over server-sent events (seed %i)', async (seed) => {
    const gateways = [await market.startGateway(), await market.startGateway()];
    const random = seededRandom(seed);
    const writing = writeMinutes(0, CUTS * 4, BTC, ETH);
    const closed: Record<string, string[]> = { [BTC]: [], [ETH]: [] };
    const count = () => (closed[BTC]?.length ?? 0) + (closed[ETH]?.length ?? 0);
    let after = toStreamCursor(start);
    let connections = 0;
    while (count() < CUTS * 8) {
      const cutting = new AbortController();
      const enough = Math.min(count() + Math.floor(random() * 12), CUTS * 8);
      connections += 1;
      const url = gateways[connections % 2]?.httpUrl ?? '';
      for await (const { data } of subscribeOverSse(url, CANDLES, { symbols: [BTC, ETH], interval: '1m', after }, cutting.signal)) {
        const event = data?.candles as { __typename: string; symbol: string; cursor: string; candle: { openTime: string } };
        after = event.cursor ?? after;
        if (event.__typename === 'CandleClosed') closed[event.symbol]?.push(event.candle.openTime);
        if (count() >= enough) break;
      }
      cutting.abort();
    }
    await writing;
    for (const id of [BTC, ETH]) expect(closed[id]).toEqual(await closedInLog(market, start, id));
    expect(connections).toBeGreaterThanOrEqual(CUTS);
  });

  it('moves to another gateway when its own stops, which answers what it was asked before', async () => {
    const first = await market.startGateway();
    const second = await market.startGateway();
    const sockets: WebSocket[] = [];
    const codes: number[] = [];
    class MovingSocket extends WebSocket {
      constructor(_: string, protocol: string) {
        super(sockets.length === 0 ? first.wsUrl : second.wsUrl, protocol);
        sockets.push(this);
        this.on('close', (code) => codes.push(code));
      }
    }
    const client = createClient({ url: first.httpUrl, webSocketImpl: MovingSocket });
    const stopping = new AbortController();
    const closed: string[] = [];
    const reading = (async () => {
      for await (const event of client.candles.stream({
        symbols: [BTC],
        interval: '1m',
        after: toStreamCursor(start),
        signal: stopping.signal,
      }))
        if (event.kind === 'closed') closed.push(event.candle.openTime);
    })();
    await eventually(() => expect(sockets[0]?.readyState).toBe(WebSocket.OPEN));
    await market.close(BTC, 0, 2);
    await eventually(() => expect(closed).toHaveLength(2));
    const { sessions } = market.database;
    let asking: Promise<Answer> | undefined;
    let stopped: Promise<void> | undefined;
    await sessions.transact(async (session) => {
      await session.run({ name: 'test-lock', text: 'lock table gap in access exclusive mode' });
      asking = post(first.httpUrl, '{ candles(symbol: "BTCUSDT", interval: "1m") { certificate { expected } } }');
      const waiting = { name: 'test-wait', text: `select 1 from pg_locks where not granted and relation = 'gap'::regclass` };
      await eventually(async () => expect(await sessions.run(waiting)).toHaveLength(1));
      stopped = first.close();
    });
    await market.close(BTC, 2, 6);
    await stopped;
    expect(await asking).toMatchObject({ errors: [], data: { candles: { certificate: { expected: 2 } } } });
    await eventually(() => expect(closed).toHaveLength(6));
    expect(closed).toEqual(await closedInLog(market, start, BTC));
    expect(codes[0]).toBe(1012);
    stopping.abort();
    await reading;
    await client.close();
  });

  it('gets the same sequence from two gateways', async () => {
    const gateways = [await market.startGateway(), await market.startGateway()];
    const stopping = new AbortController();
    const cursors: string[][] = [[], []];
    const reading = gateways.map(async ({ httpUrl }, index) => {
      const client = createClient({ url: httpUrl, webSocketImpl: WebSocket });
      const stream = client.candles.stream({ symbols: [BTC, ETH], interval: '5m', after: toStreamCursor(start), signal: stopping.signal });
      for await (const event of stream) if (event.kind === 'closed') cursors[index]?.push(event.cursor);
      await client.close();
    });
    await writeMinutes(0, 100, BTC, ETH);
    await eventually(() => expect(cursors[0]).toHaveLength(40));
    await eventually(() => expect(cursors[1]).toEqual(cursors[0]));
    stopping.abort();
    await Promise.all(reading);
  });
});

describe('a cursor that cannot be continued', () => {
  it('is refused with the reason', async () => {
    const { httpUrl } = await market.startGateway();
    await market.close(BTC, 0, 4);
    const codeAfter = async (after: string, snapshot = 0) => {
      const signal = AbortSignal.timeout(10_000);
      const events = subscribeOverSse(httpUrl, CANDLES, { symbols: [BTC], interval: '1m', after, snapshot }, signal);
      return (await events.next()).value?.errors?.[0]?.extensions.code;
    };
    const head = await market.log.head();
    expect(await codeAfter('nonsense')).toBe('CURSOR_INVALID');
    expect(await codeAfter('cDEuMTY0MTE2ODAwMDAwMA')).toBe('CURSOR_INVALID'); // a page cursor
    expect(await codeAfter(toStreamCursor({ ...head, seq: head.seq + 1 }))).toBe('CURSOR_INVALID');
    expect(await codeAfter(toStreamCursor({ ...head, epoch: '00000000-0000-4000-8000-000000000000' }))).toBe('CURSOR_EPOCH_MISMATCH');
    expect(await codeAfter(toStreamCursor(head), 5)).toBe('BAD_USER_INPUT');
    await runSql(`delete from event_log where seq <= ${head.seq - 1}`);
    expect(await codeAfter(toStreamCursor(start))).toBe('CURSOR_EXPIRED');
  });

  it('makes the client take a new snapshot and say so', async () => {
    const gateway = await market.startGateway();
    await market.close(BTC, 0, 8);
    await runSql('delete from event_log where seq <= 4');
    const client = createClient({ url: gateway.httpUrl, webSocketImpl: WebSocket });
    const stopping = new AbortController();
    const stream = client.candles.stream({ symbols: [BTC], interval: '1m', after: toStreamCursor(start), signal: stopping.signal });
    expect((await stream.next()).value).toEqual({ kind: 'reset', code: 'CURSOR_EXPIRED' });
    expect((await stream.next()).value).toMatchObject({ kind: 'heartbeat' });
    stopping.abort();
    await client.close();
  });

  it('ends running streams with a reset when the log begins anew, after which they go on', async () => {
    const gateway = await market.startGateway();
    await market.close(BTC, 0, 4);
    const client = createClient({ url: gateway.httpUrl, webSocketImpl: WebSocket });
    const stopping = new AbortController();
    const stream = client.candles.stream({ symbols: [BTC], interval: '1m', snapshot: 2, signal: stopping.signal });
    expect((await stream.next()).value).toMatchObject({ kind: 'snapshot' });
    expect((await stream.next()).value).toMatchObject({ kind: 'heartbeat' });
    await runSql('update event_log_head set epoch = gen_random_uuid(), seq = 0');
    expect((await stream.next()).value).toEqual({ kind: 'reset', code: 'CURSOR_EPOCH_MISMATCH' });
    expect((await stream.next()).value).toMatchObject({
      kind: 'snapshot',
      candles: [{ openTime: toIso(at(2)) }, { openTime: toIso(at(3)) }],
    });
    expect((await stream.next()).value).toMatchObject({ kind: 'heartbeat' });
    await market.close(BTC, 4, 5);
    expect((await stream.next()).value).toMatchObject({ kind: 'closed', candle: { openTime: toIso(at(4)) } });
    stopping.abort();
    await client.close();
  });
});

async function runSql(text: string): Promise<void> {
  await market.database.sessions.run({ name: `test-${text.length}-${text.slice(-12)}`, text });
}
