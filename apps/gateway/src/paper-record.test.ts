import { toIso } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { type ScoredMarket, startScoredMarket } from './testing/scored-market.ts';
import { at } from './testing/test-market.ts';

let scored: ScoredMarket;
beforeAll(async () => {
  scored = await startScoredMarket();
});
afterAll(() => scored.market.stop());

const record = async (args: string) =>
  (
    await scored.ask<{ paperRecord: Record<string, unknown> }>(
      `{ paperRecord(${args}) { symbol horizon from to trades open void hitRate { value lower } meanNetBps { value } totalNetBps { value lower upper }
        maxDrawdown buyAndHoldBps doNothingBps verdict statement disclaimer } }`,
    )
  ).paperRecord;

describe('paperRecord', () => {
  it('is what one position at a time gave after costs, beside holding and doing nothing', async () => {
    // BUY at 3, 4, 6, 7 and a late one at 8: the first is held until 33. The test market's scorer says that the price moved by a log-return of 0.001.
    const net = Math.expm1(0.001) * 10_000 - 22;
    const found = await record('symbol: "BTCUSDT", horizon: "30m"');
    expect(found).toMatchObject({
      ...{ symbol: 'SIM:BTCUSDT', horizon: '30m', from: toIso(at(3)), to: toIso(at(40)), trades: 1, open: 0, void: 0 },
      ...{ hitRate: { value: 0, lower: null }, maxDrawdown: expect.closeTo(-net / 10_000, 9), doNothingBps: 0, verdict: 'TOO_FEW' },
      statement: 'Too few days with trades to say anything (1 trade).',
      disclaimer: expect.stringMatching(/^Not financial advice/),
    });
    expect((found.meanNetBps as { value: number }).value).toBeCloseTo(net, 9);
    expect(found.totalNetBps).toMatchObject({ value: expect.closeTo(net, 9), lower: null, upper: null });
    expect(found.buyAndHoldBps).toBeCloseTo((1039.5 / 1000.5 - 1) * 10_000 - 22, 6);
  });

  it('counts what is still held, and is empty where nothing was said', async () => {
    expect(await record('symbol: "BTCUSDT", horizon: "1h"')).toMatchObject({ trades: 0, open: 1, hitRate: null, meanNetBps: null });
    expect(await record('symbol: "ETHUSDT", horizon: "1h"')).toMatchObject({
      ...{ from: null, to: null, trades: 0, open: 0, totalNetBps: { value: 0 }, buyAndHoldBps: null, verdict: 'TOO_FEW' },
    });
    const { errors } = await post(scored.httpUrl, '{ paperRecord(symbol: "NOPEUSDT", horizon: "1h") { trades } }');
    expect(errors).toMatchObject([{ extensions: { code: 'SYMBOL_NOT_FOUND' } }]);
  });
});
