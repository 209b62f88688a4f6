import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BTC, startTestMarket, type TestMarket } from '../testing/test-market.ts';

let market: TestMarket;
let origin: string;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  await market.close(BTC, 0, 2_000);
  origin = new URL((await market.startGateway(undefined, true, { quotas: { public: 60, key: 100 } })).httpUrl).origin;
});
afterAll(() => market?.stop());

const history = (countback: number) => fetch(`${origin}/udf/history?symbol=${BTC}&resolution=1&to=2000000000&countback=${countback}`);
const left = (response: Response) => Number.parseInt(response.headers.get('x-ratelimit-remaining') ?? '', 10);

describe('the quota of adapters', () => {
  it('is the one of GraphQL: a point for asking, more by rows, files a tenth, and 429 when none are left', async () => {
    expect(left(await fetch(`${origin}/udf/config`))).toBe(59);
    expect(left(await history(1_000))).toBe(48);
    const file = await fetch(`${origin}/export/candles.csv?symbol=${BTC}&interval=1m`);
    await file.text();
    expect(left(file)).toBe(45);
    const graphql = await fetch(`${origin}/graphql?query=%7B__typename%7D`, { headers: { accept: 'application/json' } });
    expect(left(graphql)).toBeLessThan(45);

    const refused = await history(4_400);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refused.json()).toMatchObject({ s: 'error', code: 'RATE_LIMITED' });
    expect(left(await history(1))).toBe(left(graphql) - 2); // the refused one paid for asking only
  });

  it('says when nothing would ever be enough', async () => {
    expect(await (await history(5_000)).json()).toMatchObject({ s: 'error', code: 'RATE_LIMITED' });
    const never = await fetch(`${origin}/udf/history?symbol=${BTC}&resolution=1&to=2000000000&countback=5001`);
    expect(await never.json()).toMatchObject({ code: 'RANGE_TOO_LARGE' });
  });

  it('is not open to whoever shows a wrong key', async () => {
    const response = await fetch(`${origin}/export/candles.csv?symbol=${BTC}&interval=1m`, {
      headers: { authorization: 'Bearer nonsense' },
    });
    expect([response.status, await response.json()]).toEqual([
      401,
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) })] },
    ]);
  });
});
