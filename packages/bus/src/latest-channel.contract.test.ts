import { type LatestChannel, type LatestUpdate, TRADES_PER_UPDATE } from '@candlecast/domain';
import { createTestDatabase, eventually, type TestDatabase } from '@candlecast/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createInProcessLatestChannel } from './in-process/latest-channel.ts';
import { createPostgresLatestChannel } from './postgres/latest-channel.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const progress = (symbol: string, rowsDone: number) =>
  ({
    topic: 'backfill.progress',
    key: `SIM:${symbol}`,
    value: { instrumentId: `SIM:${symbol}`, rowsDone, rowsWanted: 100, etaMs: null },
  }) as LatestUpdate;

/** Trades `from` to `to` (exclusive) of a tape. */
const trades = (symbol: string, from: number, to: number) =>
  ({
    topic: 'trades',
    key: `SIM:${symbol}`,
    value: {
      instrumentId: `SIM:${symbol}`,
      leftOut: 0,
      trades: Array.from({ length: to - from }, (_, index) => ({
        aggTradeId: from + index,
        tradeTime: 1_640_995_200_000 + from + index,
        price: '0.00001234',
        size: '1.00000000',
        firstTradeId: from + index,
        lastTradeId: from + index,
        takerSide: 'BUY',
      })),
    },
  }) as unknown as Extract<LatestUpdate, { topic: 'trades' }>;

describe.each([
  ['in process', () => createInProcessLatestChannel()],
  ['over PostgreSQL', () => createPostgresLatestChannel({ url: database.url })],
] as const)('a latest channel %s', (_, create) => {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  function start(): { channel: LatestChannel; read: (topics: Parameters<LatestChannel['subscribe']>[0]) => LatestUpdate[] } {
    const channel = create();
    const stop = new AbortController();
    open.push(async () => {
      stop.abort();
      await channel.close();
    });
    return {
      channel,
      read(topics) {
        const seen: LatestUpdate[] = [];
        const updates = channel.subscribe(topics, stop.signal);
        void (async () => {
          for await (const update of updates) seen.push(update);
        })();
        return seen;
      },
    };
  }

  it('brings an update to every subscriber of its topic, and to nobody else', async () => {
    const { channel, read } = start();
    const [one, two, other] = [read(['backfill.progress']), read(['backfill.progress', 'candle.open']), read(['top_of_book'])];
    await eventually(() => {
      channel.publish(progress('BTCUSDT', 1));
      expect(one.at(-1)).toEqual(progress('BTCUSDT', 1));
      expect(two.at(-1)).toEqual(progress('BTCUSDT', 1));
    });
    expect(other).toEqual([]);
  });

  it('ends with the newest value of every key when flooded', async () => {
    const { channel, read } = start();
    const seen = read(['backfill.progress']);
    await eventually(() => {
      channel.publish(progress('WARMUP', 0));
      expect(seen.length).toBeGreaterThan(0);
    });
    for (let round = 1; round <= 500; round++) for (let symbol = 0; symbol < 40; symbol++) channel.publish(progress(`S${symbol}`, round));
    await eventually(() => {
      const newest = new Map(seen.map((update) => [update.key, update]));
      for (let symbol = 0; symbol < 40; symbol++) expect(newest.get(`SIM:S${symbol}` as never)).toEqual(progress(`S${symbol}`, 500));
    });
    expect(seen.length).toBeLessThan(500 * 40);
  });

  it('carries wishes the other way', async () => {
    const { channel, read } = start();
    const [wishes, values] = [read(['depth.wanted']), read(['backfill.progress'])];
    const key = 'SIM:BTCUSDT' as never;
    const wish: LatestUpdate = { topic: 'depth.wanted', key, value: { instrumentId: key, forMs: 30_000 } };
    await eventually(() => {
      channel.publish(wish);
      channel.publish(progress('BTCUSDT', 1));
      expect([wishes.at(-1), values.at(-1)]).toEqual([wish, progress('BTCUSDT', 1)]);
    });
    expect([...wishes, ...values].filter(({ topic }) => topic === 'depth.wanted')).toEqual(wishes);
  });

  it('adds trades up until they are read, in order and once each, and says how many did not fit', async () => {
    const { channel, read } = start();
    const seen = read(['trades']) as Extract<LatestUpdate, { topic: 'trades' }>[];
    await eventually(() => {
      channel.publish(trades('WARMUP', 1, 2));
      expect(seen.length).toBeGreaterThan(0);
    });
    seen.length = 0;
    for (let id = 0; id < 1_000; id += 1) channel.publish(trades('BTCUSDT', id, id + 1));
    channel.publish(trades('ETHUSDT', 7, 10));
    const of = (symbol: string) => seen.filter(({ key }) => key === `SIM:${symbol}`).map(({ value }) => value);
    await eventually(() => expect(of('BTCUSDT').at(-1)?.trades.at(-1)?.aggTradeId).toBe(999));
    await eventually(() => expect(of('ETHUSDT')).toEqual([trades('ETHUSDT', 7, 10).value]));
    let next = 0;
    for (const { trades: some, leftOut } of of('BTCUSDT')) {
      expect(some.length).toBeLessThanOrEqual(TRADES_PER_UPDATE);
      expect(some.map(({ aggTradeId }) => aggTradeId)).toEqual(some.map((_, index) => next + leftOut + index));
      next += leftOut + some.length;
    }
    expect(next).toBe(1_000);
  });

  it('ends its iterators when it is closed', async () => {
    const { channel } = start();
    const reading = (async () => {
      for await (const update of channel.subscribe(['candle.open'], new AbortController().signal)) return update;
      return 'ended';
    })();
    await channel.close();
    expect(await reading).toBe('ended');
  });
});
