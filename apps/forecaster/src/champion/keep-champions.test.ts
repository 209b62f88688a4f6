import {
  addMs,
  type CandleValues,
  DAY_MS,
  type EpochMs,
  HOUR_MS,
  horizonMs,
  type InstrumentId,
  MINUTE_MS,
  type Model,
  systemClock,
  toDecimal,
  toEpochMs,
} from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { aCandle } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAR_FEATURE_SCHEMA } from '../features/bar-schema.ts';
import { LIVE_BARS } from '../features/live-bars.ts';
import { createJobRunner, type JobRunner } from '../jobs/job-runner.ts';
import { createJobMetrics } from '../jobs/metrics.ts';
import { createPlainJob } from '../jobs/plain-job.ts';
import { scheduleJobs } from '../jobs/schedule-jobs.ts';
import { EWMA_NORMAL } from '../models/ewma-normal.ts';
import { createRandom } from '../models/random.ts';
import { findNewestModels } from '../registry/models.ts';
import { scoreForecast } from '../score/score-forecast.ts';
import { aForecast } from '../testing/a-forecast.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { findVenueTime } from '../venue-time.ts';
import { POOLED_HORIZONS } from './judge-challenger.ts';
import { createChampionKeeper } from './keep-champions.ts';
import { createChampionMetrics } from './metrics.ts';

const START = toEpochMs(Date.UTC(2022, 0, 1));
/** Of the log-return of an hour. */
const SIGMA = 0.01;
const BEGUN_TO_DECAY = 95;
/** How wide each model's quantiles are, of what they should be. */
const WIDTHS: Readonly<Record<string, (day: number) => number>> = {
  steady: () => 1.6,
  worse: () => 2.2,
  better: (day) => (day < BEGUN_TO_DECAY ? 1 : 2.2),
};

let market: TestMarket;
let id: InstrumentId;
let reference: Model;
let runner: JobRunner;
const random = createRandom(9);
/** Close of each hour, from START on. */
const prices: number[] = [40_000];
const dayOf = (day: number) => addMs(START, day * DAY_MS);

beforeAll(async () => {
  market = await openTestMarket();
  const metrics = createMetrics();
  const logger = createLogger('test', 'silent');
  const now = () => findVenueTime(market.instruments, VENUE, systemClock);
  const ports = {
    store: market.champions,
    findNewest: () => findNewestModels(market.reader, VENUE),
    metrics: createChampionMetrics(metrics),
    logger,
  };
  const keeper = createChampionKeeper(ports, VENUE);
  const kinds = [
    createPlainJob('check-champions', async () => keeper.check(await now())),
    createPlainJob('judge-challengers', async () => void (await keeper.judge(await now()))),
  ];
  runner = createJobRunner(
    { jobs: market.jobs, kinds, now, metrics: createJobMetrics(metrics), logger },
    { venue: VENUE, holder: 'one', pollMs: 5, leaseMs: 60_000, mostAttempts: 1, patience: { baseMs: 1, capMs: 1 } },
  );
  reference = await market.writer.saveModel(EWMA_NORMAL);
  id = await market.addLive('BTCUSDT', [closeAt(addMs(START, -MINUTE_MS), 40_000), closeAt(START, 40_000)]);
  await train(0);
  await scheduleJobs(
    market.jobs,
    VENUE,
    [
      { kind: 'check-champions', cadence: 'DAILY' },
      { kind: 'judge-challengers', cadence: 'MONTHLY' },
    ],
    START,
  );
});
afterAll(() => market.drop());

/** The minute that ends at `time`. */
function closeAt(time: EpochMs, price: number): CandleValues {
  const close = toDecimal(price.toFixed(2));
  return aCandle({ openTime: addMs(time, -MINUTE_MS), open: close, high: close, low: close, close });
}

/** Trains every planted model anew, as the schedule does. */
async function train(day: number): Promise<void> {
  for (const name of Object.keys(WIDTHS))
    await market.writer.saveModel({
      ...{ name, version: `${day}`, kind: 'LSTM', sha256: 'a'.repeat(64), artifactPath: `models/${name}/model.onnx`, featureSchema: 1 },
      ...{ trainedFrom: addMs(START, -30 * DAY_MS), trainedThrough: dayOf(day) },
      card: { venue: VENUE, parity: { largestDifference: 1e-7 }, repeatable: true },
    });
}

/** Lives through a day: prices, forecasts of every model at every hour, scores, and whatever is due at midnight. */
async function live(day: number): Promise<void> {
  const asOfs = Array.from({ length: 24 }, (_, hour) => addMs(dayOf(day), hour * HOUR_MS));
  const first = prices.length;
  for (const _ of asOfs) prices.push((prices.at(-1) ?? 0) * Math.exp(SIGMA * random.normal()));
  await market.closeSome(
    id,
    prices.slice(first).map((price, index) => closeAt(addMs(dayOf(day), (index + 1) * HOUR_MS), price)),
  );
  await market.setTime(dayOf(day + 1));
  const newest = await findNewestModels(market.reader, VENUE);
  const batches = asOfs.flatMap((asOf, hour) => {
    const refPrice = toDecimal((prices[first + hour - 1] ?? 0).toFixed(2));
    return Object.entries(WIDTHS).flatMap(([name, width]) => {
      const modelId = newest.get(name)?.id ?? 0;
      const forecasts = POOLED_HORIZONS.map((horizon) => {
        const sigma = SIGMA * Math.sqrt(horizonMs(horizon) / HOUR_MS);
        return aForecast({ instrumentId: id, modelId, asOf, refPrice, reference: { modelId: reference.id, sigma } }, horizon, width(day));
      });
      return [{ instrumentId: id, modelId, asOf, input: new Uint8Array([hour]), codeVersion: 'test', forecasts }];
    });
  });
  await market.writer.appendForecasts(batches, 2 * DAY_MS);
  while ((await market.scorer.resolveMatured({ venue: VENUE, limit: 1_000, score: scoreForecast })).length > 0);
  while (await runner.runNext(new AbortController().signal));
}

const champion = async () => [...new Set((await market.champions.findChampions(VENUE)).map(({ name }) => name))];

// One story on a clock of its own: each step goes on where the one before ended.
describe('three months and more of champions', { timeout: 300_000 }, () => {
  it('begin with the first trained model, and change nothing on too little evidence', async () => {
    for (let day = 0; day < 89; day++) {
      if (day % 30 === 29) await train(day);
      await live(day);
    }
    expect(await champion()).toEqual(['steady']);
    const changes = await market.readSql<{ reason: string; at: EpochMs }>('select reason, at from champion_change');
    expect(changes.map(({ reason }) => reason)).toEqual(Array.from({ length: 8 }, () => 'INSTALLED'));
    expect(changes[0]?.at).toBeLessThan(dayOf(1) + MINUTE_MS);
  });

  it('promote the planted better one when three months are full, and refuse the worse one', async () => {
    await train(89);
    await live(89);
    expect(await champion()).toContain('better');
    const changes = await market.readSql<{
      name: string;
      horizon: string;
      former_name: string;
      at: EpochMs;
      figures: Record<string, number>;
    }>(`select * from champion_change where reason = 'PROMOTED' order by id`);
    expect(changes.map(({ horizon }) => horizon)).toEqual([...POOLED_HORIZONS]);
    expect(changes[0]).toMatchObject({ name: 'better', former_name: 'steady', figures: { challengers: 2, pRequired: 0.025 } });
    expect(changes[0]?.figures.p).toBeLessThan(0.025);
    expect(changes[0]?.at).toBeLessThan(Date.UTC(2022, 3, 1) + MINUTE_MS);
    expect(await market.readSql(`select from champion_change where name = 'worse'`)).toEqual([]);
  });

  it('take it back when it has decayed, and show whose forecasts they are', async () => {
    for (let day = 90; day < 122; day++) {
      if (day === 120) await train(day);
      await live(day);
    }
    const [change] = await market.readSql<{ former_name: string; name: string; figures: Record<string, number> }>(
      `select * from champion_change where reason = 'ROLLED_BACK'`,
    );
    expect(change).toMatchObject({ name: 'steady', former_name: 'better' });
    expect(change?.figures.p).toBeLessThan(0.05);
    expect(await champion()).toEqual(['steady']);
    const [shown] = await market.reader.findLatestForecasts([id], ['1h']);
    expect((await market.reader.findModel(shown?.modelId ?? 0))?.name).toBe('steady');
  });

  it('fall back to the reference when every model is too old, and come back with a fresh one', async () => {
    for (let day = 166; day < 168; day++) {
      await market.setTime(dayOf(day + 1));
      while (await runner.runNext(new AbortController().signal));
    }
    expect(await champion()).toEqual([EWMA_NORMAL.name]);
    await train(168);
    await market.setTime(dayOf(169));
    while (await runner.runNext(new AbortController().signal));
    expect(await champion()).toEqual(['steady']);
  });

  it('fall back to HAR-S where it serves, at the horizons that it forecasts, and to the reference at the others', async () => {
    await market.writer.saveModel({
      ...{ name: 'har-s', version: '1', kind: 'BASELINE', sha256: 'b'.repeat(64), artifactPath: 'models/har-s/model.json' },
      ...{ featureSchema: BAR_FEATURE_SCHEMA, trainedFrom: START, trainedThrough: dayOf(215) },
      card: { venue: VENUE, horizons: LIVE_BARS.horizons },
    });
    await market.setTime(dayOf(216));
    while (await runner.runNext(new AbortController().signal));
    const fallen = new Map((await market.champions.findChampions(VENUE)).map(({ horizon, name }) => [horizon, name]));
    expect(fallen.get('15m')).toBe(EWMA_NORMAL.name);
    expect(LIVE_BARS.horizons.map((horizon) => fallen.get(horizon))).toEqual(LIVE_BARS.horizons.map(() => 'har-s'));
  });
});
