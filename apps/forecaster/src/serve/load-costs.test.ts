import { addMs, type InstrumentId, toDecimal } from '@candlecast/domain';
import { createBookWriter } from '@candlecast/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomWalk, WALK_START } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket } from '../testing/test-market.ts';
import { createCostLoader } from './load-costs.ts';

let market: TestMarket;
let ids: InstrumentId[];
const AS_OF = addMs(WALK_START, 3_600_000);

beforeAll(async () => {
  market = await openTestMarket();
  ids = [];
  for (const symbol of ['AUSDT', 'BUSDT', 'CUSDT', 'DUSDT']) ids.push(await market.addLive(symbol, randomWalk({ minutes: 3 })));
  const [a, b, c] = ids as [InstrumentId, InstrumentId, InstrumentId];
  const sample = (instrumentId: InstrumentId, ms: number, bid: string, ask: string) => ({
    ...{ instrumentId, at: addMs(AS_OF, ms), bidPrice: toDecimal(bid), askPrice: toDecimal(ask) },
    ...{ bidSize: toDecimal('1'), askSize: toDecimal('1'), updateId: ms + 10_000_000 },
  });
  await createBookWriter(market.database).storeBooks([
    sample(a, -5_000, '99.00', '101.00'),
    sample(a, 0, '99.95', '100.05'),
    sample(a, 1_000, '90.00', '110.00'),
    sample(b, -600_001, '99.00', '101.00'),
    sample(c, -1_000, '0.00', '100.00'),
  ]);
});
afterAll(() => market.drop());

describe('the costs of a trade', () => {
  it('are the fee and the spread of the newest book by the close, and the default where there is none that is young and has two sides', async () => {
    const load = createCostLoader(market.books, 7.5);
    const costs = await load(ids.map((instrumentId) => ({ instrumentId, asOf: AS_OF })));
    expect(costs[0]).toEqual({ feeBps: 7.5, spreadBps: expect.closeTo(10, 9), spreadAt: AS_OF });
    const unknown = { feeBps: 7.5, spreadBps: 10, spreadAt: null };
    expect(costs.slice(1)).toEqual([unknown, unknown, unknown]);
    const [id] = ids;
    if (!id) return;
    const before = await load([AS_OF, addMs(AS_OF, -1)].map((asOf) => ({ instrumentId: id, asOf })));
    expect(before.map(({ spreadAt }) => spreadAt)).toEqual([AS_OF, addMs(AS_OF, -5_000)]);
    expect(before[1]?.spreadBps).toBeCloseTo(200, 9);
  });
});
