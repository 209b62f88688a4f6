import { toIso, toKeyCursor, toPageCursor, toPlaceCursor, toStreamCursor } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { at, BTC, startTestMarket, type TestMarket } from './testing/test-market.ts';

let market: TestMarket;
let url: string;
let stream: string;

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
  await market.list(BTC);
  await market.close(BTC, 0, 5);
  stream = toStreamCursor(await market.log.head());
});
afterAll(() => market.stop());

const range = `from: "${toIso(at(0))}", to: "${toIso(at(9))}"`;
/** Every list with the cursors that are of another kind than its own. */
const LISTS: readonly [name: string, args: string, wrong: () => readonly string[]][] = [
  ['candles', 'symbol: "BTCUSDT", interval: "1m"', () => [stream, toPlaceCursor({ time: at(1), id: 1 }), toKeyCursor('x')]],
  ['topOfBookHistory', `symbol: "BTCUSDT", ${range}`, () => [stream, toPlaceCursor({ time: at(1), id: 1 })]],
  ['trades', 'symbol: "BTCUSDT"', () => [stream, toPageCursor(at(1)), toKeyCursor('x')]],
  ['gaps', 'symbol: "BTCUSDT"', () => [stream, toPageCursor(at(1))]],
  ['dailyTotals', 'day: "2022-01-03"', () => [stream]],
  ['externalSeries', 'key: "x"', () => [stream, toPlaceCursor({ time: at(1), id: 1 })]],
  ['instruments', '', () => [stream, toPageCursor(at(1))]],
];

describe('a cursor of another kind', () => {
  it.each(LISTS)('is CURSOR_INVALID in both directions of %s', async (name, args, wrong) => {
    for (const cursor of [...wrong(), 'nonsense', '', '$$$']) {
      for (const page of [`first: 1, after: "${cursor}"`, `last: 1, before: "${cursor}"`]) {
        const { errors } = await post(url, `{ ${name}(${args ? `${args}, ` : ''}${page}) { edges { cursor } } }`);
        expect(errors[0]?.extensions.code, `${name} ${page}`).toBe('CURSOR_INVALID');
      }
    }
  });

  it('is CURSOR_INVALID in a subscription that asks with the cursor of a page', async () => {
    const query = `subscription { candles(symbols: ["BTCUSDT"], interval: "1m", after: "${toPageCursor(at(1))}") { __typename } }`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    expect(await response.text()).toContain('CURSOR_INVALID');
  });
});
