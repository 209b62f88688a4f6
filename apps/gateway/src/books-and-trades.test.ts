import {
  addMs,
  type InstrumentId,
  type LatestUpdate,
  SECOND_MS,
  type Trade,
  toDecimal,
  toIso,
  toPageCursor,
  toStreamCursor,
} from '@candlecast/domain';
import { createBookWriter, createTradeWriter } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { subscribeOverSse } from './testing/sse.ts';
import { at, BTC, ETH, START, startTestMarket, type TestMarket } from './testing/test-market.ts';

let market: TestMarket;
let url: string;

const second = (count: number) => addMs(START, count * SECOND_MS);
const aTrade = (index: number, instrumentId: InstrumentId = BTC): Trade => ({
  instrumentId,
  aggTradeId: 3_024_184_451_000 + index,
  tradeTime: addMs(START, Math.floor(index / 3)), // three share a millisecond
  price: toDecimal(`100.${10 + index}00`),
  size: toDecimal('0.50000000'),
  firstTradeId: index * 2,
  lastTradeId: index * 2 + 1,
  takerSide: index % 2 === 0 ? 'BUY' : 'SELL',
});
const book = (instrumentId: InstrumentId, bid: string) => ({
  instrumentId,
  bidPrice: toDecimal(bid),
  bidSize: toDecimal('1.50'),
  askPrice: toDecimal('101.0'),
  askSize: toDecimal('2'),
});

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
  await market.list(BTC, ETH);
  market.clock.set(at(60));
  const samples = [1, 2, 5, 9].map((count) => ({ ...book(BTC, `100.${count}0`), at: second(count), updateId: count }));
  await createBookWriter(market.database).storeBooks(samples);
  await createTradeWriter(market.database).storeTrades(Array.from({ length: 20 }, (_, index) => aTrade(index)));
});
afterAll(() => market.stop());

async function ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await post<T>(url, query, variables);
  expect(errors).toEqual([]);
  return data;
}
const codeOf = async (query: string) => (await post(url, query)).errors[0]?.extensions.code;

interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}
const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

describe('topOfBook', () => {
  const query = (args: string) => `{ topOfBook(symbols: ["BTCUSDT", "ETHUSDT"]${args}) { symbol bidPrice midPrice spread receivedAt } }`;

  it('is the newest that came, else the newest that is stored, else left out', async () => {
    expect(await ask(query(''))).toEqual({
      topOfBook: [{ symbol: BTC, bidPrice: '100.90', midPrice: '100.950', spread: '0.10', receivedAt: toIso(second(9)) }],
    });
    market.channel.publish({ topic: 'top_of_book', key: ETH, value: { ...book(ETH, '7.0'), receivedAt: second(3) } });
    await eventually(async () =>
      expect(await ask(query(''))).toMatchObject({ topOfBook: [{ symbol: BTC }, { symbol: ETH, bidPrice: '7.0' }] }),
    );
  });

  it('of the past is what was stored by then', async () => {
    for (const meaning of ['eventTime', 'knownAt']) {
      const past = await ask(query(`, asOf: { ${meaning}: "${toIso(second(8))}" }`));
      expect(past).toMatchObject({ topOfBook: [{ symbol: BTC, bidPrice: '100.50', receivedAt: toIso(second(5)) }] });
    }
    expect(await codeOf(query(`, asOf: { eventTime: "${toIso(at(61))}" }`))).toBe('BAD_USER_INPUT');
    expect(await codeOf(query(`, asOf: { eventTime: "${toIso(at(1))}", knownAt: "${toIso(at(1))}" }`))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await codeOf('{ topOfBook(symbols: ["NOPE"]) { symbol } }')).toBe('SYMBOL_NOT_FOUND');
  });

  it('has a history in pages', async () => {
    const load = (args: string) =>
      ask<{ topOfBookHistory: Connection<{ bidPrice: string }> }>(
        `{ topOfBookHistory(symbol: "BTCUSDT", from: "${toIso(START)}", to: "${toIso(second(9))}"${args}) { edges { cursor node { bidPrice } } ${PAGE_INFO} } }`,
      ).then(({ topOfBookHistory: { edges, pageInfo } }) => ({ bids: edges.map(({ node }) => node.bidPrice), pageInfo }));
    const first = await load(', first: 2');
    expect(first).toMatchObject({ bids: ['100.10', '100.20'], pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    expect(await load(`, first: 2, after: "${first.pageInfo.endCursor}"`)).toMatchObject({
      bids: ['100.50'],
      pageInfo: { hasNextPage: false },
    });
    expect(await load(', last: 1')).toMatchObject({ bids: ['100.50'], pageInfo: { hasPreviousPage: true } });
    const args = (text: string) => `{ topOfBookHistory(symbol: "BTCUSDT", ${text}) { edges { cursor } } }`;
    expect(await codeOf(args(`from: "${toIso(at(2))}", to: "${toIso(at(1))}"`))).toBe('BAD_USER_INPUT');
    expect(await codeOf(args(`from: "${toIso(at(1))}", to: "${toIso(at(2))}", first: 5001`))).toBe('RANGE_TOO_LARGE');
  });
});

describe('trades', () => {
  const FIELDS = 'symbol id time price size takerSide firstTradeId lastTradeId leftOut';
  const load = async (args: string) => {
    const { trades } = await ask<{ trades: Connection<{ id: string }> }>(
      `{ trades(symbol: "BTCUSDT"${args}) { edges { cursor node { ${FIELDS} } } ${PAGE_INFO} } }`,
    );
    return { nodes: trades.edges.map(({ node }) => node), ids: trades.edges.map(({ node }) => node.id), pageInfo: trades.pageInfo };
  };
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${3_024_184_451_000 + from + index}`);

  it('come exactly as they are stored', async () => {
    const { nodes } = await load(', last: 1');
    expect(nodes).toEqual([
      {
        symbol: BTC,
        id: '3024184451019',
        time: toIso(addMs(START, 6)),
        price: '100.2900',
        size: '0.50000000',
        takerSide: 'SELL',
        firstTradeId: '38',
        lastTradeId: '39',
        leftOut: 0,
      },
    ]);
  });

  it('come in pages without a hole or an overlap, in both directions', async () => {
    const [forward, backward]: [string[], string[]] = [[], []];
    for (let after = ''; ; ) {
      const page = await load(`, first: 7${after}`);
      forward.push(...page.ids);
      if (!page.pageInfo.hasNextPage) break;
      after = `, after: "${page.pageInfo.endCursor}"`;
    }
    for (let before = ''; ; ) {
      const page = await load(`, last: 7${before}`);
      backward.unshift(...page.ids);
      if (!page.pageInfo.hasPreviousPage) break;
      before = `, before: "${page.pageInfo.startCursor}"`;
    }
    expect(forward).toEqual(ids(0, 20));
    expect(backward).toEqual(ids(0, 20));
    expect((await load(`, from: "${toIso(addMs(START, 2))}", to: "${toIso(addMs(START, 4))}"`)).ids).toEqual(ids(6, 12));
  });

  it('refuse cursors of another kind', async () => {
    for (const cursor of ['x', toPageCursor(START), toStreamCursor(await market.log.head())]) {
      expect(await codeOf(`{ trades(symbol: "BTCUSDT", first: 1, after: "${cursor}") { edges { cursor } } }`)).toBe('CURSOR_INVALID');
    }
    expect(await codeOf('{ trades(symbol: "BTCUSDT", first: 1, last: 1) { edges { cursor } } }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ trades(symbol: "BTCUSDT", last: 5001) { edges { cursor } } }')).toBe('RANGE_TOO_LARGE');
  });

  it('stream as they come, each once, and say what was left out', async () => {
    const leaving = new AbortController();
    const stream = subscribeOverSse(url, 'subscription { trades(symbols: ["BTCUSDT"]) { id leftOut } }', {}, leaving.signal);
    const seen: unknown[] = [];
    void (async () => {
      for await (const { data } of stream) seen.push(data?.trades);
    })().catch(() => undefined); // cut at the end
    const update = (from: number, to: number, leftOut: number): LatestUpdate => ({
      topic: 'trades',
      key: BTC,
      value: { instrumentId: BTC, leftOut, trades: Array.from({ length: to - from }, (_, index) => aTrade(from + index)) },
    });
    await eventually(() => {
      market.channel.publish(update(20, 22, 0)); // until the subscription hears it; once each all the same
      expect(seen).toEqual([
        { id: ids(20, 21)[0], leftOut: 0 },
        { id: ids(21, 22)[0], leftOut: 0 },
      ]);
    });
    market.channel.publish(update(30, 31, 8));
    await eventually(() => expect(seen.at(-1)).toEqual({ id: ids(30, 31)[0], leftOut: 8 }));
    expect(seen).toHaveLength(3);
    leaving.abort();
  });
});

describe('depth', () => {
  const levels = (from: number) => Array.from({ length: 30 }, (_, index) => [toDecimal(`${from + index}.50`), toDecimal('1.0')] as const);
  const answer = (id: InstrumentId, state: 'LIVE' | 'REFUSED'): LatestUpdate => ({
    topic: 'depth',
    key: id,
    value: {
      instrumentId: id,
      state,
      reason: state === 'LIVE' ? null : 'enough books are kept',
      bids: state === 'LIVE' ? levels(100) : [],
      asks: state === 'LIVE' ? levels(200) : [],
      updateId: state === 'LIVE' ? 42 : null,
      at: at(1),
    },
  });

  it('is asked for and comes, cut to the levels wanted', async () => {
    const stopping = new AbortController();
    const keeper = (async () => {
      for await (const { value, topic } of market.channel.subscribe(['depth.wanted'], stopping.signal)) {
        if (topic === 'depth.wanted') market.channel.publish(answer(value.instrumentId, value.instrumentId === BTC ? 'LIVE' : 'REFUSED'));
      }
    })();
    const { depth } = await ask<{ depth: { bids: unknown[] } }>(
      '{ depth(symbol: "BTCUSDT", levels: 2) { symbol bids { price size } asks { price } updateId at } }',
    );
    expect(depth).toEqual({
      symbol: BTC,
      bids: [
        { price: '100.50', size: '1.0' },
        { price: '101.50', size: '1.0' },
      ],
      asks: [{ price: '200.50' }, { price: '201.50' }],
      updateId: '42',
      at: toIso(at(1)),
    });
    const whole = await ask<{ depth: { bids: unknown[] } }>('{ depth(symbol: "BTCUSDT") { bids { price } } }');
    expect(whole.depth.bids).toHaveLength(20);
    expect(await codeOf('{ depth(symbol: "ETHUSDT") { at } }')).toBe('UPSTREAM_STALE');
    stopping.abort();
    await keeper;
  });

  it('has a bounded number of levels', async () => {
    expect(await codeOf('{ depth(symbol: "BTCUSDT", levels: 51) { at } }')).toBe('RANGE_TOO_LARGE');
    expect(await codeOf('{ depth(symbol: "BTCUSDT", levels: 0) { at } }')).toBe('BAD_USER_INPUT');
  });
});
