import { createKeyStore } from '@candlecast/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_ALERTS } from './alerts/alert-desk.ts';
import { type CreatedKey, createKeyDesk } from './keys/key-desk.ts';
import { CREATE } from './testing/alert-documents.ts';
import { post } from './testing/post.ts';
import { at, BTC, startTestMarket, type TestMarket } from './testing/test-market.ts';

let market: TestMarket;
let owner: CreatedKey;
let httpUrl: string;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  owner = await createKeyDesk(createKeyStore(market.database)).create({ name: 'owner', scopes: ['NOTIFY'], expiresAt: null });
  ({ httpUrl } = await market.startGateway());
  await market.close(BTC, 0, 1);
});
afterAll(() => market.stop());

async function create(rule: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const headers = { authorization: `Bearer ${owner.key}` };
  const { data, errors } = await post<unknown>(httpUrl, CREATE, { input: { symbol: 'BTCUSDT', rule, ...more } }, headers);
  return { data, error: errors[0] };
}

describe('alerts over GraphQL', () => {
  it.each([
    ['a level of nothing', { priceLevel: { level: '0' } }, 'level is 0, it must be above 0'],
    ['a margin beyond sense', { priceLevel: { level: '1', rearm: '51' } }, 'rearm is 51, it must be 0 to 50 percent'],
    ['a move of nothing', { priceMove: { percent: '0', windowMinutes: 1 } }, 'percent is 0, it must be above 0 and at most 1000'],
    ['a window of a year', { priceMove: { percent: '1', windowMinutes: 525600 } }, 'windowMinutes is 525600, it must be 1 to 1440'],
    [
      'a fast average that is slow',
      { averageCross: { fast: 21, slow: 9, interval: '1h' } },
      'fast is 21, it must be at least 1 and less than slow',
    ],
    ['a slow average without end', { averageCross: { fast: 9, slow: 201, interval: '1h' } }, 'slow is 201, it must be at most 200'],
    ['an index beyond its range', { rsiLevel: { level: '100', interval: '1h' } }, 'level is 100, it must be above 0 and below 100'],
    ['an index of one candle', { rsiLevel: { level: '70', period: 1, interval: '1h' } }, 'period is 1, it must be 2 to 100'],
    ['a probability above one', { forecastFlip: { horizon: '1h', level: '1.5' } }, 'level is 1.5, it must be above 0 and below 1'],
    ['no interval', { staleData: { intervals: 0 } }, 'intervals is 0, it must be 1 to 1000'],
  ])('are refused for %s', async (_, rule, message) => {
    const { error } = await create(rule);
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
    expect(error?.message).toContain(message);
  });

  it('are refused for a pair that is not tracked, a time that is past, and notes and pauses without end', async () => {
    const rule = { staleData: {} };
    const refusal = async (more: Record<string, unknown>) => {
      const { error } = await create(rule, more);
      return [error?.extensions.code, error?.message];
    };
    expect(await refusal({ symbol: 'NOPE' })).toEqual(['SYMBOL_NOT_FOUND', 'symbol "NOPE" is not tracked']);
    expect(await refusal({ expiresAt: new Date(at(0)).toISOString() })).toEqual([
      'BAD_USER_INPUT',
      expect.stringContaining('expiresAt is not after'),
    ]);
    expect(await refusal({ note: 'x'.repeat(201) })).toEqual(['BAD_USER_INPUT', 'note has 201 letters, at most 200 are allowed']);
    expect(await refusal({ cooldownMs: -1 })).toEqual(['BAD_USER_INPUT', 'cooldownMs is -1, it must be 0 to 604800000']);
    const two = await create({ staleData: {}, priceLevel: { level: '1' } });
    expect(two.error?.message).toContain('AlertRuleInput');
  });

  it(`are at most ${MOST_ALERTS} an owner`, async () => {
    for (let n = 0; n < MOST_ALERTS; n += 1) expect((await create({ staleData: {} })).error).toBeUndefined();
    expect((await create({ staleData: {} })).error?.extensions.code).toBe('QUOTA_EXCEEDED');
  });
});
