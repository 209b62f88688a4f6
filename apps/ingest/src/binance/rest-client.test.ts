import { systemClock } from '@candlecast/domain';
import { type ExchangeSim, startExchangeSim } from '@candlecast/exchange-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStopped } from '../retry.ts';
import { createEndpoints } from './endpoints.ts';
import { createRateBudget, type RateBudget } from './rate-budget.ts';
import { createRestClient } from './rest-client.ts';

let sim: ExchangeSim;
let budget: RateBudget;

beforeEach(async () => {
  sim = await startExchangeSim({ source: { kind: 'simulated', seed: 3, symbols: ['BTCUSDT'] }, wallClock: systemClock });
  budget = createRateBudget(systemClock, 6_000);
});

afterEach(async () => {
  await budget.close();
  await sim.close();
});

function aClient(stop = new AbortController()) {
  const used: number[] = [];
  const rest = createRestClient({
    baseUrl: sim.restUrl,
    budget,
    wall: systemClock,
    timeoutMs: 3_000,
    signal: stop.signal,
    onUsed: (weight) => used.push(weight),
  });
  return { endpoints: createEndpoints(rest), used, stop };
}

describe('the REST client', () => {
  it('reads the time between sending and receiving, and the weight that was used', async () => {
    const { endpoints, used } = aClient();
    const { serverTime, sentAt, receivedAt } = await endpoints.fetchServerTime();
    expect(sentAt).toBeLessThanOrEqual(serverTime);
    expect(serverTime).toBeLessThanOrEqual(receivedAt);
    await endpoints.fetchExchangeInfo('SIM');
    expect(used).toEqual([1, 21]);
  });

  it('finds the first and the newest candle, and the top of the book', async () => {
    const { endpoints } = aClient();
    const first = await endpoints.findFirstOpenTime('BTCUSDT');
    expect(first).toBe(Date.UTC(2017, 7, 17, 4));
    expect((await endpoints.findNewestCandle('BTCUSDT'))?.openTime).toBeGreaterThan(sim.now() - 180_000);
    const tops = await endpoints.fetchBookTops(['BTCUSDT', 'ETHUSDT']);
    expect([...tops.keys()].sort()).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(tops.get('BTCUSDT')).toMatchObject({ bidPrice: expect.stringMatching(/^\d+\.\d{8}$/) });
  });

  it.each([
    [429, { code: 'exchange_rate_limited', retryable: true, retryAfterMs: 1_000 }],
    [418, { code: 'exchange_rate_limited', retryable: true }],
    [451, { code: 'exchange_forbidden', retryable: false }],
    [503, { code: 'exchange_unavailable', retryable: true }],
    ['timeout', { code: 'exchange_unavailable', retryable: true }],
  ] as const)('tells what an answer of %s means', async (answer, expected) => {
    sim.inject({ kind: 'rest', answer });
    await expect(aClient().endpoints.fetchServerTime()).rejects.toMatchObject(expected);
  });

  it('tells when nobody listens, and when the pair does not exist', async () => {
    const { endpoints } = aClient();
    await expect(endpoints.findNewestCandle('NOSUCHPAIR')).rejects.toMatchObject({ code: 'exchange_refused', retryable: false });
    await sim.close();
    await expect(endpoints.fetchServerTime()).rejects.toMatchObject({ code: 'exchange_unavailable', retryable: true });
    sim = await startExchangeSim({ source: { kind: 'simulated', seed: 3 }, wallClock: systemClock });
  });

  it('lets go of requests that wait or are under way when it is stopped', async () => {
    const { endpoints, stop } = aClient();
    sim.inject({ kind: 'rest', answer: 'timeout', calls: 2 });
    budget.pause(60_000);
    const waiting = endpoints.fetchServerTime();
    stop.abort();
    await expect(waiting).rejects.toSatisfy(isStopped);
  });
});
