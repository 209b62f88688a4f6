import { addMs, type Forecast, HOUR_MS, type InstrumentId, MINUTE_MS, type Model } from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EWMA_NORMAL } from '../models/ewma-normal.ts';
import { aForecast } from '../testing/a-forecast.ts';
import { randomWalk } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { createScoreMetrics } from './metrics.ts';
import { createResolver, type Resolver } from './resolver.ts';
import { scoreForecast } from './score-forecast.ts';

const walk = randomWalk({ minutes: 200, seed: 5 });
const BEGIN = 100;

let market: TestMarket;
let id: InstrumentId;
let model: Model;
let metrics: ReturnType<typeof createScoreMetrics>;

beforeEach(async () => {
  market = await openTestMarket();
  id = await market.addLive('BTCUSDT', walk.slice(0, BEGIN));
  model = await market.writer.saveModel(EWMA_NORMAL);
  metrics = createScoreMetrics(createMetrics());
});
afterEach(() => market.drop());

function aResolver(batchSize = 100): Resolver {
  const ports = { scorer: market.scorer, metrics, logger: createLogger('test', 'silent') };
  return createResolver(ports, { venue: VENUE, pollMs: 10, batchSize, patience: { baseMs: 10, capMs: 50 } });
}

/** The close of a minute of the walk. */
const closeOf = (minute: number) => addMs(walk[minute]?.openTime ?? walk[0]?.openTime ?? (0 as never), MINUTE_MS);

/** Closes a minute and issues forecasts of it, `lateMs` after the close. */
async function closeAndIssue(minute: number, lateMs = 0): Promise<Forecast[]> {
  const candle = walk[minute];
  if (!candle) throw new Error(`the walk has no minute ${minute}`);
  await market.close([id], candle, lateMs);
  const about = {
    instrumentId: id,
    modelId: model.id,
    asOf: closeOf(minute),
    refPrice: candle.close,
    reference: { modelId: model.id, sigma: 0.004 },
  };
  const batch = { instrumentId: id, modelId: model.id, asOf: about.asOf, input: new Uint8Array([minute]), codeVersion: 'test' };
  return market.writer.appendForecasts([{ ...batch, forecasts: [aForecast(about, '15m'), aForecast(about, '1h')] }], 10_000);
}

async function close(from: number, to: number): Promise<void> {
  for (const candle of walk.slice(from, to)) await market.close([id], candle);
}

describe('the resolver', () => {
  it('scores a forecast with the close of the candle that ends at its target time, once, and says so in the log', async () => {
    const [soon, later] = await closeAndIssue(BEGIN);
    if (!soon || !later) throw new Error('nothing was issued');
    await close(BEGIN + 1, BEGIN + 15);
    expect(await aResolver().resolveBatch()).toBe(0);
    await close(BEGIN + 15, BEGIN + 16);
    expect(await aResolver().resolveBatch()).toBe(1);
    expect(await aResolver().resolveBatch()).toBe(0);
    const actual = walk[BEGIN + 15]?.close;
    if (!actual) throw new Error('the walk has no outcome');
    const [resolution, none] = await market.reader.findResolutions([soon, later]);
    expect(none).toBeNull();
    expect(resolution).toEqual({ resolvedAt: expect.any(Number), actual, voidReason: null, score: scoreForecast(soon, actual) });
    expect(await market.readEvents('forecast.resolved')).toEqual([{ key: id, payload: { forecast: soon, resolution } }]);
  });

  it('goes on after a restart with all that matured meanwhile, and two of them share the work', async () => {
    for (const minute of [0, 1, 2]) await closeAndIssue(BEGIN + minute);
    await close(BEGIN + 3, BEGIN + 70);
    const resolvers = [aResolver(2), aResolver(2), aResolver(2)];
    let resolved = 0;
    for (let count = -1; count !== resolved; ) {
      count = resolved;
      for (const part of await Promise.all(resolvers.map((resolver) => resolver.resolveBatch()))) resolved += part;
    }
    expect(resolved).toBe(6);
    expect(await market.readEvents('forecast.resolved')).toHaveLength(6);
    expect(await sumOf('resolved')).toBe(6);
  });

  it('scores a late forecast as its reference', async () => {
    const [late] = await closeAndIssue(BEGIN, 11_000);
    await close(BEGIN + 1, BEGIN + 16);
    await aResolver().resolveBatch();
    const [resolution] = await market.reader.findResolutions(late ? [late] : []);
    expect(resolution?.score).toMatchObject({ isReference: true, hit: null, crps: resolution?.score?.crpsReference });
    expect(await sumOf('late')).toBe(1);
  });

  it('waits for a candle that is missing, and after a day of a gap calls the forecast void with the reason', async () => {
    const [soon] = await closeAndIssue(BEGIN);
    if (!soon) throw new Error('nothing was issued');
    await market.setTime(addMs(soon.targetTime, 24 * HOUR_MS - MINUTE_MS));
    await market.recordGap(id, { from: addMs(soon.targetTime, -2 * MINUTE_MS), to: soon.targetTime }, 'EXCHANGE_OUTAGE');
    expect(await aResolver().resolveBatch()).toBe(0);
    await market.setTime(addMs(soon.targetTime, 24 * HOUR_MS));
    expect(await aResolver().resolveBatch()).toBe(1);
    expect(await market.reader.findResolutions([soon])).toMatchObject([{ actual: null, voidReason: 'EXCHANGE_OUTAGE', score: null }]);
    expect(await sumOf('void')).toBe(1);
    expect(await sumOf('resolved')).toBe(0);
  });

  it('does not call void what no gap explains', async () => {
    const [soon] = await closeAndIssue(BEGIN);
    if (!soon) throw new Error('nothing was issued');
    await market.setTime(addMs(soon.targetTime, 48 * HOUR_MS));
    await market.recordGap(id, { from: soon.targetTime, to: addMs(soon.targetTime, MINUTE_MS) }, 'EXCHANGE_OUTAGE');
    expect(await aResolver().resolveBatch()).toBe(0);
  });

  it('resolves by itself until it is stopped', async () => {
    await closeAndIssue(BEGIN);
    await close(BEGIN + 1, BEGIN + 16);
    const stop = new AbortController();
    const running = aResolver().run(stop.signal);
    await market.eventuallyEvents('forecast.resolved', 1);
    stop.abort();
    await running;
    expect((await metrics.resolved.get()).values).toMatchObject([{ labels: { horizon: '15m', outcome: 'scored' }, value: 1 }]);
  });
});

/** A sum of the days' sums. */
async function sumOf(column: 'resolved' | 'late' | 'void'): Promise<number> {
  const [row] = await market.readSql<{ sum: number }>(`select coalesce(sum(${column}), 0)::integer as sum from track_day`);
  return row?.sum ?? 0;
}
