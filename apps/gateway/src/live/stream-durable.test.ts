import { candleKey, type LogEvent, type LogPosition, parseStreamCursor } from '@candlecast/domain';
import { createLogger } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentCounts } from '../testing/silent-counts.ts';
import { at, BTC, startTestMarket, type TestMarket } from '../testing/test-market.ts';
import { createCatchUpTurns } from './catch-up-turns.ts';
import { createEventHub } from './event-hub.ts';
import { createFanout } from './fanout.ts';
import { followLog } from './follow.ts';
import { type DurableStream, streamDurable } from './stream-durable.ts';
import { toSubscription } from './to-subscription.ts';

let market: TestMarket;
let stopping: AbortController;
let hub: ReturnType<typeof createEventHub>;
let following: Promise<void>;

beforeEach(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  stopping = new AbortController();
  hub = createEventHub();
  following = followLog({ log: market.log, hub, logger: createLogger('test', 'silent'), signal: stopping.signal });
  await eventually(() => expect(hub.position()).toBeDefined());
});

afterEach(async () => {
  stopping.abort();
  await following;
  await market.stop();
});

const logger = createLogger('test', 'silent');

function open(
  given: { queueCapacity: number; behindLimitMs: number },
  cut: (cursor: string) => void,
  signal = stopping.signal,
  after?: LogPosition,
) {
  const limits = { heartbeatMs: 60_000, unsentBytes: 1_000_000, ...given };
  const stream: DurableStream<LogEvent> = {
    topics: [{ name: BTC, logKeys: [candleKey(BTC, '1m')] }],
    logTopics: ['candle.closed'],
    personalArgs: [],
    throttleMs: 0,
    after,
    toEvent: (event) => event,
    clock: { name: 'SIM', now: async () => market.clock.now() },
    cut,
  };
  const fanout = createFanout({ hub, counts: silentCounts, logger, unsentLimit: limits.unsentBytes, ...limits });
  return toSubscription(signal, (inner) =>
    streamDurable({ log: market.log, hub, fanout, turns: createCatchUpTurns(), limits }, stream, inner),
  );
}

describe('a reader that stays behind', () => {
  it('is cut with the cursor of what it was given last, then gets the reason', async () => {
    const cuts: string[] = [];
    const stream = open({ queueCapacity: 3, behindLimitMs: 1_000 }, (cursor) => cuts.push(cursor));
    expect((await stream.next()).value).toMatchObject({ __typename: 'StreamHeartbeat' });
    await market.close(BTC, 0, 2);
    const { value: first } = await stream.next();
    await market.close(BTC, 2, 10);
    await eventually(() => expect(cuts).toHaveLength(1));
    const cursor = parseStreamCursor(cuts[0] ?? '');
    expect(cursor).toMatchObject({ ok: true, value: { seq: (first as LogEvent).seq } });
    await expect(stream.next()).rejects.toMatchObject({ code: 'SLOW_READER', message: expect.stringContaining(cuts[0] ?? '') });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await market.close(BTC, 10, 20);
    expect(cuts).toHaveLength(1);
  });

  it('is cut as well when it takes nothing of what it asked to catch up with', async () => {
    const cuts: string[] = [];
    const { epoch, seq } = await market.log.head();
    await market.close(BTC, 0, 5);
    const stream = open({ queueCapacity: 3, behindLimitMs: 100 }, (cursor) => cuts.push(cursor), stopping.signal, { epoch, seq });
    const { value: first } = await stream.next();
    await eventually(() => expect(cuts).toHaveLength(1));
    expect(parseStreamCursor(cuts[0] ?? '')).toMatchObject({ ok: true, value: { seq: (first as LogEvent).seq } });
    await expect(stream.next()).rejects.toMatchObject({ code: 'SLOW_READER' });
  });

  it('is let be when it catches up in time', async () => {
    const cuts: string[] = [];
    const stream = open({ queueCapacity: 3, behindLimitMs: 10_000 }, (cursor) => cuts.push(cursor));
    await stream.next();
    await market.close(BTC, 0, 10);
    await eventually(() => expect(hub.position()?.seq).toBeGreaterThanOrEqual(12));
    const seen: number[] = [];
    for (let count = 0; count < 10; count++) seen.push(((await stream.next()).value as LogEvent).seq);
    expect(new Set(seen).size).toBe(10);
    await market.close(BTC, 10, 12);
    const late = ((await stream.next()).value as LogEvent).seq;
    expect(late).toBeGreaterThan(seen.at(-1) ?? 0);
    expect(cuts).toEqual([]);
  });
});

describe('a reader that leaves', () => {
  it('ends its stream at once, waiting or not', async () => {
    const leaving = new AbortController();
    const waiting = open({ queueCapacity: 3, behindLimitMs: 60_000 }, () => undefined, leaving.signal);
    await waiting.next();
    const next = waiting.next();
    leaving.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    const unread = open({ queueCapacity: 3, behindLimitMs: 60_000 }, () => undefined);
    await unread.next();
    expect(await unread.return(undefined)).toEqual({ done: true, value: undefined });
    const never = open({ queueCapacity: 3, behindLimitMs: 60_000 }, () => undefined, AbortSignal.abort());
    expect(await never.return(undefined)).toEqual({ done: true, value: undefined });
  });
});

describe('a follower that was away for longer than the log is kept', () => {
  it('starts anew at the head and tells its readers that events are gone', async () => {
    const pause = new AbortController();
    hub = createEventHub();
    const follow = (signal: AbortSignal) => followLog({ log: market.log, hub, logger: createLogger('test', 'silent'), signal });
    const before = follow(pause.signal);
    await eventually(() => expect(hub.position()).toBeDefined());
    const stream = open({ queueCapacity: 3, behindLimitMs: 60_000 }, () => undefined);
    expect((await stream.next()).value).toMatchObject({ __typename: 'StreamHeartbeat' });
    pause.abort();
    await before;
    await market.close(BTC, 0, 10);
    const head = await market.log.head();
    await market.database.sessions.pool.query('delete from event_log where seq < $1', [head.seq]);
    const after = follow(stopping.signal);
    expect((await stream.next()).value).toMatchObject({ __typename: 'StreamReset', code: 'CURSOR_EXPIRED' });
    const next = open({ queueCapacity: 3, behindLimitMs: 60_000 }, () => undefined);
    expect((await next.next()).value).toMatchObject({ __typename: 'StreamHeartbeat' });
    await market.close(BTC, 10, 11);
    expect((await next.next()).value).toMatchObject({ key: candleKey(BTC, '1m'), payload: { candle: { openTime: at(10) } } });
    stopping.abort();
    await after;
  });
});
