import { type InstrumentId, SECOND_MS, toDecimal, toIso } from '@candlecast/domain';
import { createBookWriter, createTradeWriter } from '@candlecast/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countStatements, type StatementCount } from './testing/count-statements.ts';
import { post } from './testing/post.ts';
import { at, minuteOf, startTestMarket, type TestMarket } from './testing/test-market.ts';

const ALL = Array.from({ length: 50 }, (_, index) => `SIM:S${`${index}`.padStart(2, '0')}USDT` as InstrumentId);
const [FIRST] = ALL as [InstrumentId];

let market: TestMarket;
let url: string;
let statements: StatementCount;

beforeAll(async () => {
  market = await startTestMarket();
  statements = countStatements(market.database);
  ({ httpUrl: url } = await market.startGateway());
  await market.list(...ALL);
  market.clock.set(at(130));
  const minutes = Array.from({ length: 125 }, (_, index) => minuteOf(index)).filter((_, index) => index !== 7); // a page that meets a hole reads a second time
  await market.candles.commitClosed(
    ALL.map((instrumentId) => ({ instrumentId, candles: minutes })),
    at(125),
  );
  for (const id of ALL.slice(0, 3)) await market.candles.recordGap(id, { from: at(7), to: at(8) }, 'PENDING', at(126));
  const book = { bidPrice: toDecimal('1'), bidSize: toDecimal('1'), askPrice: toDecimal('2'), askSize: toDecimal('1') };
  await createBookWriter(market.database).storeBooks(ALL.map((instrumentId) => ({ instrumentId, at: at(129), updateId: 1, ...book })));
  const trade = { price: toDecimal('1'), size: toDecimal('1'), takerSide: 'BUY' } as const;
  await createTradeWriter(market.database).storeTrades(
    Array.from({ length: 60 }, (_, index) => ({
      instrumentId: FIRST,
      aggTradeId: index,
      tradeTime: at(index),
      firstTradeId: index,
      lastTradeId: index,
      ...trade,
    })),
  );
}, 60_000);
afterAll(() => market.stop());

const symbols = (count: number) => JSON.stringify(ALL.slice(0, count));
const CANDLE = 'openTime open high low close baseVolume quoteVolume tradeCount isClosed revision knownAt reconstructed';
const CERTIFICATE = 'certificate { expected present missing coverage gaps { from to reason } tradeIds { state } }';
const asOf = `asOf: { knownAt: "${toIso(at(125))}" }`;

/** Each document of the cookbook with few rows and with many, and how many statements it is, whichever. */
const DOCUMENTS: readonly [name: string, statements: number, few: string, many: string][] = [
  [
    'chart feed',
    5,
    `{ bars(symbol: "S00USDT", interval: "1m", to: ${at(200) / SECOND_MS}, countback: 2) { s t o h l c v nextTime cursor } }`,
    `{ bars(symbol: "S00USDT", interval: "1m", to: ${at(200) / SECOND_MS}, countback: 20) { s t o h l c v nextTime cursor } }`,
  ],
  [
    'page of exact candles',
    8,
    `{ candles(symbol: "S00USDT", interval: "1m", last: 2) { edges { node { ${CANDLE} } } ${CERTIFICATE} } }`,
    `{ candles(symbol: "S00USDT", interval: "1m", last: 45) { edges { node { ${CANDLE} } } ${CERTIFICATE} } }`,
  ],
  [
    'market table',
    4,
    `{ marketSummary(symbols: ${symbols(2)}) { symbol lastPrice sparkline } freshness(symbols: ${symbols(2)}) { symbol stalenessMs } }`,
    `{ marketSummary(symbols: ${symbols(50)}) { symbol lastPrice sparkline } freshness(symbols: ${symbols(50)}) { symbol stalenessMs } }`,
  ],
  [
    'as-of backtest',
    10,
    `{ candles(symbol: "S00USDT", interval: "5m", last: 2, ${asOf}) { edges { node { ${CANDLE} } } certificate { missing } } }`,
    `{ candles(symbol: "S00USDT", interval: "5m", last: 20, ${asOf}) { edges { node { ${CANDLE} } } certificate { missing } } }`,
  ],
  [
    'gaps page',
    3,
    '{ gaps(symbol: "S00USDT", first: 1) { edges { node { from to reason } } } }',
    '{ gaps(symbol: "S00USDT", first: 50) { edges { node { from to reason } } } }',
  ],
  [
    'instruments page with freshness',
    4,
    '{ instruments(first: 2) { edges { node { id symbol tickSize stepSize watermark freshness { stalenessMs openGaps } } } pageInfo { hasNextPage } } }',
    '{ instruments(first: 50) { edges { node { id symbol tickSize stepSize watermark freshness { stalenessMs openGaps } } } pageInfo { hasNextPage } } }',
  ],
  ['books', 2, `{ topOfBook(symbols: ${symbols(2)}) { symbol midPrice } }`, `{ topOfBook(symbols: ${symbols(50)}) { symbol midPrice } }`],
  [
    'daily totals',
    2,
    '{ dailyTotals(day: "2022-01-03", first: 2) { edges { node { symbol close } } } }',
    '{ dailyTotals(day: "2022-01-03", first: 50) { edges { node { symbol close } } } }',
  ],
  [
    'trades',
    2,
    '{ trades(symbol: "S00USDT", last: 2) { edges { node { id price } } } }',
    '{ trades(symbol: "S00USDT", last: 50) { edges { node { id price } } } }',
  ],
];

describe('the statements of an operation', () => {
  it.each(DOCUMENTS)('are as many for few rows as for many: %s', async (name, expected, few, many) => {
    const run = async (query: string) => expect((await post(url, query)).errors).toEqual([]);
    await run(few); // what is looked up once a process
    await run(many);
    const counts = [await statements.during(() => run(few)), await statements.during(() => run(many))];
    expect(
      counts.map(({ length }) => length),
      `${name}: ${counts.map((texts) => texts.join('\n')).join('\n---\n')}`,
    ).toEqual([expected, expected]);
  });
});
