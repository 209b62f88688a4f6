import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addMs,
  type EpochMs,
  type Forecast,
  type InstrumentId,
  MINUTE_MS,
  type Model,
  QUANTILE_LEVELS,
  systemClock,
} from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDataSet } from '../dataset/data-set.ts';
import { type BarSeries, createBarSeries } from '../features/bar.ts';
import { LIVE_BARS } from '../features/live-bars.ts';
import { toInputBytes } from '../features/model-input.ts';
import { toFeature } from '../features/to-feature.ts';
import { createJobRunner } from '../jobs/job-runner.ts';
import { createJobMetrics } from '../jobs/metrics.ts';
import { ONLY } from '../jobs/schedule-jobs.ts';
import { harS } from '../models/ladder/har.ts';
import type { LadderPredictor } from '../models/ladder/ladder-model.ts';
import { toSha256 } from '../registry/artifact-store.ts';
import { createDiskArtifactStore } from '../registry/disk-artifact-store.ts';
import { scoreForecast } from '../score/score-forecast.ts';
import { createHistoryKeeper } from '../serve/history-keeper.ts';
import { createIssuer } from '../serve/issue-forecasts.ts';
import { createCostLoader } from '../serve/load-costs.ts';
import { createServeMetrics } from '../serve/metrics.ts';
import { randomWalk, WALK_START } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { findVenueTime } from '../venue-time.ts';
import { createBarLearner } from './bar-learner.ts';
import { createHarKind } from './har-kind.ts';
import { trainInWorker } from './train-in-worker.ts';
import { createTrainingJob } from './training-job.ts';
import { FIRST_HAR_S, HAR_S_REFIT } from './training-plans.ts';

const SCRIPT = new URL('../testing/train-worker.mjs', import.meta.url);
const BAR_MINUTES = LIVE_BARS.stepMs / MINUTE_MS;
const LEVELS = QUANTILE_LEVELS.length;
const BARS = 2_100;
const walk = randomWalk({ minutes: (BARS + 4) * BAR_MINUTES, seed: 12 });
const history = walk.slice(0, BARS * BAR_MINUTES);
const stop = new AbortController();
const logger = createLogger('test', 'silent');

let market: TestMarket;
let dataDir: string;
let id: InstrumentId;
let young: InstrumentId;
/** The laboratory's, fitted on all that had matured when the live one was. */
let laboratory: LadderPredictor;

const set = () => buildDataSet([toBars(walk.length / BAR_MINUTES)], LIVE_BARS);

/** Bars of the walk, added up here. */
function toBars(bars: number): BarSeries {
  const series = createBarSeries('BTCUSDT', WALK_START, LIVE_BARS.stepMs, bars);
  for (let row = 0; row < bars; row++) {
    const minutes = walk.slice(row * BAR_MINUTES, (row + 1) * BAR_MINUTES);
    const sum = (pick: (minute: (typeof minutes)[number]) => number) => minutes.reduce((total, minute) => total + pick(minute), 0);
    series.columns.logClose[row] = Math.log(toFeature(minutes.at(-1)?.close ?? null));
    series.columns.logHigh[row] = Math.max(...minutes.map(({ high }) => Math.log(toFeature(high))));
    series.columns.logLow[row] = Math.min(...minutes.map(({ low }) => Math.log(toFeature(low))));
    series.columns.baseVolume[row] = sum(({ baseVolume }) => toFeature(baseVolume));
    series.columns.takerBuyBaseVolume[row] = sum(({ takerBuyBaseVolume }) => toFeature(takerBuyBaseVolume));
    series.columns.tradeCount[row] = sum(({ tradeCount }) => tradeCount ?? Number.NaN);
  }
  return series;
}

const now = () => findVenueTime(market.instruments, VENUE, systemClock);

function aForecaster() {
  const artifacts = createDiskArtifactStore(dataDir);
  const learner = createBarLearner(
    { models: market.reader, instruments: market.instruments, jobs: market.jobs, artifacts, now, logger },
    [createHarKind(market.candles)],
    { venue: VENUE, pollMs: 20 },
  );
  const ports = {
    ...{ instruments: market.instruments, candles: market.candles, runs: market.runs, artifacts, clock: systemClock, logger },
    train: trainInWorker.bind(undefined, SCRIPT),
    onProgress: () => undefined,
  };
  const options = { venue: VENUE, codeVersion: 'test', wait: { pollMs: 20, patienceMs: 5_000 } } as const;
  const runner = createJobRunner(
    {
      jobs: market.jobs,
      kinds: [FIRST_HAR_S, HAR_S_REFIT].map((plan) => createTrainingJob(ports, options, plan)),
      ...{ now, metrics: createJobMetrics(createMetrics()), logger },
    },
    { venue: VENUE, holder: 'one', pollMs: 20, leaseMs: 60_000, mostAttempts: 1, patience: { baseMs: 10, capMs: 50 } },
  );
  return { learner, runner };
}

let forecaster: ReturnType<typeof aForecaster>;
let issue: (time: EpochMs) => Promise<Forecast[]>;
let metrics: ReturnType<typeof createServeMetrics>;

/** Issues at a close of which the candles are stored. */
function anIssuer(): typeof issue {
  metrics = createServeMetrics(createMetrics());
  const histories = createHistoryKeeper(market.candles);
  const issueAll = createIssuer(
    {
      predictors: () => forecaster.learner.predictors(),
      reference: { id: 1 },
      codeVersion: 'test',
      histories,
      calibrations: { find: () => undefined },
      costs: createCostLoader(market.books, 10),
      paceOf: () => 'EVERY_CLOSE',
      paces: market.paces,
      ...{ writer: market.writer, clocks: market.instruments, clock: systemClock, metrics },
    },
    VENUE,
    10_000,
  );
  return async (time) => {
    await histories.load(id, time);
    await histories.load(young, time);
    return issueAll([id, young]);
  };
}

const endOf = (bars: number): EpochMs => addMs(WALK_START, bars * LIVE_BARS.stepMs);
const asOfs = (forecasts: readonly Forecast[]) => [...new Set(forecasts.map(({ asOf }) => asOf))];

/** Compares what was issued with what the laboratory says at a bar, in sigmas of the middle half. */
function expectLaboratory(forecasts: readonly Forecast[], bars: number): void {
  const said = laboratory.predict(set(), Uint32Array.of(bars - 1));
  for (const { horizon, quantiles } of forecasts) {
    const own = said.subarray(LIVE_BARS.horizons.indexOf(horizon) * LEVELS).subarray(0, LEVELS);
    const width = (own[5] ?? 0) - (own[3] ?? 0);
    expect(width).toBeGreaterThan(0);
    quantiles.forEach(({ logReturn }, level) => {
      expect(Math.abs(logReturn - (own[level] ?? Number.NaN)) / width).toBeLessThan(2e-6);
    });
  }
}

beforeAll(async () => {
  market = await openTestMarket();
  dataDir = await mkdtemp(join(tmpdir(), 'har-live-'));
  young = await market.addLive('ETHUSDT', history.slice(-3 * 1_440));
  id = await market.addLive('BTCUSDT', history);
  await market.writer.saveModel({
    ...{ name: 'any-reference', version: '1', kind: 'BASELINE', sha256: null, artifactPath: null, trainedFrom: null, trainedThrough: null },
    ...{ featureSchema: 1, card: {} },
  });
  forecaster = aForecaster();
  issue = anIssuer();
}, 120_000);

afterAll(async () => {
  stop.abort();
  await market.drop();
  await rm(dataDir, { recursive: true });
});

// One story on the venue's clock: each step goes on where the one before ended.
describe('HAR-S live', { timeout: 180_000 }, () => {
  let first: Model | undefined;

  it('is fitted once there is history enough, registered with its run, and serves', async () => {
    await forecaster.learner.look(stop.signal);
    expect(forecaster.learner.predictors()).toEqual([]);
    expect(await forecaster.runner.runNext(stop.signal)).toBe(true);
    await forecaster.learner.look(stop.signal);
    first = forecaster.learner.predictors()[0]?.model;
    expect(first).toMatchObject({
      ...{ name: 'har-s', kind: 'BASELINE', artifactPath: expect.stringMatching(/model\.json$/), trainedThrough: endOf(BARS) },
      card: {
        ...{ venue: VENUE, repeatable: true, horizons: ['30m', '1h', '2h', '4h', '6h', '12h', '24h'] },
        instruments: { fitted: 1, leftOut: 0 },
        parity: { largestDifference: expect.any(Number) },
      },
    });
    const [run] = await market.readSql<Record<string, unknown>>('select * from run');
    expect(run).toMatchObject({
      ...{ name: 'har-s', state: 'DONE', model_id: first?.id, data_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      parameters: { trainingDays: 500, instruments: 1, interval: '30m', bars: BARS },
      metrics: { repeatable: 1, 'parity.largestDifference': expect.any(Number) },
    });
  });

  it('says at every origin what the laboratory says that was fitted on the same data', async () => {
    const known = buildDataSet([toBars(BARS)], LIVE_BARS);
    const training = Uint32Array.from(known.origins, (_, row) => row).filter((row) => known.origins[row] === 1);
    laboratory = await harS.fit(known, { training, validation: new Uint32Array(), cutoff: endOf(BARS) }, 1);
    const issued = await issue(endOf(BARS));
    expect(issued.map(({ horizon }) => horizon)).toEqual(first?.card.horizons);
    expect(issued.every(({ instrumentId, modelId }) => instrumentId === id && modelId === first?.id)).toBe(true);
    expectLaboratory(issued, BARS);
    const { values } = await metrics.withheld.get();
    expect(values.find(({ labels }) => labels.horizon === '30m')).toMatchObject({ labels: { reason: 'history_incomplete' }, value: 1 });
    expect(values.some(({ labels }) => labels.horizon === '15m')).toBe(false);
  });

  it('moves on bar by bar, and says of the newest price in between what it said at the last bar', async () => {
    const next = walk.slice(history.length, history.length + 4 * BAR_MINUTES);
    await market.closeSome(id, next.slice(0, 7));
    await market.setTime(addMs(endOf(BARS), 7 * MINUTE_MS));
    const between = await issue(addMs(endOf(BARS), 7 * MINUTE_MS));
    expect(between.map(({ horizon }) => horizon)).toEqual(['30m', '1h', '2h']);
    expect(between[0]?.refPrice).toBe(next[6]?.close);
    expectLaboratory(between, BARS);
    await market.closeSome(id, next.slice(7, 2 * BAR_MINUTES));
    await market.setTime(endOf(BARS + 2));
    const later = await issue(endOf(BARS + 2));
    expect(asOfs(later)).toEqual([endOf(BARS + 2)]);
    expect(later).toHaveLength(7);
    expectLaboratory(later, BARS + 2);
  });

  it('is scored like any other', async () => {
    await market.closeSome(id, walk.slice(history.length + 2 * BAR_MINUTES, history.length + 3 * BAR_MINUTES));
    await market.setTime(endOf(BARS + 3));
    const resolved = await market.scorer.resolveMatured({ venue: VENUE, limit: 100, score: scoreForecast });
    expect(resolved.map(({ forecast }) => forecast.modelId)).toContain(first?.id);
    expect(resolved.every(({ resolution }) => (resolution?.score?.crps ?? 0) > 0)).toBe(true);
  });

  it('is fitted anew as a job of its own; a restart serves the new version with the same histories', async () => {
    await market.jobs.ensure({ venue: VENUE, kind: HAR_S_REFIT.kind, key: ONLY, payload: {}, cadence: 'DAILY', dueAt: await now() });
    expect(await forecaster.runner.runNext(stop.signal)).toBe(true);
    await forecaster.learner.look(stop.signal);
    const second = forecaster.learner.predictors()[0]?.model;
    expect(second?.id).not.toBe(first?.id);
    expect(second?.trainedThrough).toBe(endOf(BARS + 3));
    const [issued] = await issue(endOf(BARS + 3));
    forecaster = aForecaster();
    await forecaster.learner.look(stop.signal);
    const [restarted] = forecaster.learner.predictors();
    expect(restarted?.model.id).toBe(second?.id);
    const histories = createHistoryKeeper(market.candles);
    await histories.load(id, endOf(BARS + 3));
    const series = histories.find(id)?.series;
    const input = series && restarted?.toInput(series, series.length - 1, id);
    expect(issued && input && toSha256(toInputBytes(input))).toBe(issued?.inputHash);
  });

  it('does not serve a file that was tampered with', async () => {
    const model = forecaster.learner.predictors()[0]?.model;
    await rm(join(dataDir, model?.artifactPath ?? ''));
    const other = aForecaster();
    await other.learner.look(stop.signal);
    expect(other.learner.predictors()).toEqual([]);
  });
});
