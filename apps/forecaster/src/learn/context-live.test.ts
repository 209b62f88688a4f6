import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addMs,
  type CandleValues,
  DAY_MS,
  type EpochMs,
  type Forecast,
  type InstrumentId,
  MINUTE_MS,
  QUANTILE_LEVELS,
  systemClock,
} from '@candlecast/domain';
import { createPointErrorReader } from '@candlecast/store';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDataSet, type DataSet } from '../dataset/data-set.ts';
import { loadStoredBars } from '../dataset/stored-bars.ts';
import { LIVE_BARS } from '../features/live-bars.ts';
import { fromInputBytes } from '../features/model-input.ts';
import { createJobRunner, type JobRunner } from '../jobs/job-runner.ts';
import { createJobMetrics } from '../jobs/metrics.ts';
import { ONLY } from '../jobs/schedule-jobs.ts';
import { inputOf, trainLstmContext } from '../models/context/train-lstm-context.ts';
import type { TrainingProgress } from '../models/estimator.ts';
import { trainHarS } from '../models/har/train-har-s.ts';
import { lstmContextBody } from '../models/nets/bodies.ts';
import { type NetPredictor, quantileNet } from '../models/nets/quantile-net.ts';
import { createDiskArtifactStore } from '../registry/disk-artifact-store.ts';
import { findNewestModels } from '../registry/models.ts';
import { createHistoryKeeper } from '../serve/history-keeper.ts';
import { createIssuer } from '../serve/issue-forecasts.ts';
import { createCostLoader } from '../serve/load-costs.ts';
import { createServeMetrics } from '../serve/metrics.ts';
import { randomWalk, WALK_START } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { findVenueTime } from '../venue-time.ts';
import { createBarLearner } from './bar-learner.ts';
import { createContextKind, LSTM_CONTEXT } from './context-kind.ts';
import { createEnsembleJob, ENSEMBLE } from './ensemble-job.ts';
import { createEnsembleKind } from './ensemble-kind.ts';
import { createHarKind } from './har-kind.ts';
import { createTrainingJob } from './training-job.ts';
import { CONTEXT_RETRAINING, ENSEMBLE_REMAKING, FIRST_ENSEMBLE, HAR_S_REFIT } from './training-plans.ts';
import type { TrainingTask } from './training-protocol.ts';

const BAR_MINUTES = LIVE_BARS.stepMs / MINUTE_MS;
const LEVELS = QUANTILE_LEVELS.length;
const BARS = 73 * 48;
const SYMBOLS = ['ETHUSDT', 'BTCUSDT'];
const walks = SYMBOLS.map((_, index) => randomWalk({ minutes: (BARS + 2) * BAR_MINUTES, seed: 40 + index }));
const logger = createLogger('test', 'silent');
const signal = new AbortController().signal;
/** Small enough to train in seconds, and twice. */
const TINY = { batch: 128, epochs: 2, learningRate: 3e-3, weightDecay: 0, patience: 2, windows: 400, seeds: 2 };
/** The laboratory's own, as the training left it. */
let laboratory: NetPredictor;
const tiny = quantileNet(LSTM_CONTEXT, 'tiny', lstmContextBody(4, 0.2), TINY);
const model = {
  ...tiny,
  async fit(...args: Parameters<typeof tiny.fit>) {
    laboratory = await tiny.fit(...args);
    return laboratory;
  },
};

let market: TestMarket;
let dataDir: string;
let ids: InstrumentId[];
let issue: (wanted: readonly InstrumentId[], time: EpochMs) => Promise<Forecast[]>;
const now = () => findVenueTime(market.instruments, VENUE, systemClock);
const learner = () => {
  const members = [createHarKind(market.candles), createContextKind(market.candles)];
  const artifacts = createDiskArtifactStore(dataDir);
  return createBarLearner(
    {
      ...{ models: market.reader, instruments: market.instruments, jobs: market.jobs, logger },
      ...{ artifacts, now },
    },
    [...members, createEnsembleKind({ models: market.reader, artifacts }, members, FIRST_ENSEMBLE)],
    { venue: VENUE, pollMs: 20 },
  );
};
let live: ReturnType<typeof learner>;
let runner: JobRunner;

function aRunner(): JobRunner {
  const artifacts = createDiskArtifactStore(dataDir);
  const ports = {
    ...{ instruments: market.instruments, candles: market.candles, runs: market.runs, clock: systemClock, logger, artifacts },
    train: async (task: TrainingTask, onProgress: (progress: TrainingProgress) => void) => {
      if (task.estimator === 'lstm-short') throw new Error('it reads no minutes');
      return task.estimator === 'har-s' ? trainHarS(task.bars) : trainLstmContext(task.bars, task.seed, onProgress, model);
    },
    onProgress: () => undefined,
  };
  const options = { venue: VENUE, codeVersion: 'test', wait: { pollMs: 20, patienceMs: 5_000 } } as const;
  const making = {
    ...{ instruments: market.instruments, errors: createPointErrorReader(market.database), runs: market.runs, artifacts, now, logger },
    findNewest: () => findNewestModels(market.reader, VENUE),
  };
  const kinds = [
    ...[CONTEXT_RETRAINING, HAR_S_REFIT].map((plan) => createTrainingJob(ports, options, plan)),
    createEnsembleJob(making, VENUE, 'test', ENSEMBLE_REMAKING),
  ];
  return createJobRunner(
    { jobs: market.jobs, kinds, now, metrics: createJobMetrics(createMetrics()), logger },
    { venue: VENUE, holder: 'one', pollMs: 20, leaseMs: 60_000, mostAttempts: 1, patience: { baseMs: 10, capMs: 50 } },
  );
}

/** Does a scheduled job as if it had come due. */
async function doJob(kind: string): Promise<void> {
  await market.jobs.ensure({ venue: VENUE, kind, key: ONLY, payload: {}, cadence: 'DAILY', dueAt: await now() });
  expect(await runner.runNext(signal)).toBe(true);
}
const endOf = (bars: number): EpochMs => addMs(WALK_START, bars * LIVE_BARS.stepMs);
const minutesOf = (instrument: number, bar: number): CandleValues[] =>
  (walks[instrument] ?? []).slice(bar * BAR_MINUTES, (bar + 1) * BAR_MINUTES);

/** The laboratory's data set of what is stored, up to a bar. */
async function setUpTo(bars: number): Promise<DataSet> {
  const series = [];
  for (const id of ids) series.push(await loadStoredBars(market.candles, id, LIVE_BARS, { from: WALK_START, to: endOf(bars) }));
  return buildDataSet(series, LIVE_BARS);
}

/** Expects that each forecast's stored input and quantiles are the laboratory's at that bar. */
async function expectLaboratory(forecasts: readonly Forecast[], bars: number): Promise<void> {
  const set = await setUpTo(bars);
  for (const forecast of forecasts) {
    const row = ids.indexOf(forecast.instrumentId) * bars + bars - 1;
    const input = fromInputBytes((await market.reader.findInput(forecast)) ?? new Uint8Array());
    const expected = inputOf(set, row);
    expect(input).toHaveLength(expected.length);
    input.forEach((value, index) => {
      expect(Number.isNaN(value) ? Number.isNaN(expected[index] ?? 0) : Math.abs(value - (expected[index] ?? Number.NaN)) < 1e-12).toBe(
        true,
      );
    });
    const horizon = LIVE_BARS.horizons.indexOf(forecast.horizon);
    const said = laboratory.predict(set, Uint32Array.of(row)).subarray(horizon * LEVELS, (horizon + 1) * LEVELS);
    const sigma = set.sigmas[row * LIVE_BARS.horizons.length + horizon] ?? Number.NaN;
    forecast.quantiles.forEach(({ logReturn }, level) => {
      expect(Math.abs(logReturn - (said[level] ?? Number.NaN)) / sigma).toBeLessThan(1e-5);
    });
  }
}

beforeAll(async () => {
  market = await openTestMarket();
  dataDir = await mkdtemp(join(tmpdir(), 'context-live-'));
  ids = [];
  for (const [index, symbol] of SYMBOLS.entries())
    ids.push(await market.addLive(symbol, (walks[index] ?? []).slice(0, BARS * BAR_MINUTES)));
  await market.writer.saveModel({
    ...{ name: 'any-reference', version: '1', kind: 'BASELINE', sha256: null, artifactPath: null, trainedFrom: null, trainedThrough: null },
    ...{ featureSchema: 1, card: {} },
  });
  live = learner();
  runner = aRunner();
  const histories = createHistoryKeeper(market.candles);
  const issueAll = createIssuer(
    {
      ...{ predictors: () => live.predictors(), reference: { id: 1 }, codeVersion: 'test', histories, paceOf: () => 'EVERY_CLOSE' },
      ...{ calibrations: { find: () => undefined }, costs: createCostLoader(market.books, 10), paces: market.paces, writer: market.writer },
      ...{ clocks: market.instruments, clock: systemClock, metrics: createServeMetrics(createMetrics()) },
    },
    VENUE,
    10_000,
  );
  issue = async (wanted, time) => {
    for (const id of wanted) await histories.load(id, time);
    return issueAll(wanted);
  };
}, 180_000);

afterAll(async () => {
  await market.drop();
  await rm(dataDir, { recursive: true });
});

// One story on the venue's clock: each step goes on where the one before ended.
describe('the LSTM with context live', { timeout: 180_000 }, () => {
  it('is trained by the retraining job, twice the same, within the parity of its export, and registered with its run', async () => {
    await doJob(CONTEXT_RETRAINING.kind);
    const [run] = await market.readSql<{ metrics: Record<string, number> }>('select * from run');
    expect(run).toMatchObject({
      name: LSTM_CONTEXT,
      state: 'DONE',
      parameters: { instruments: 2, batch: 128, interval: '30m' },
    });
    expect(run?.metrics['parity.largestDifference']).toBeLessThan(1e-5);
    expect(await market.readSql('select epoch from run_epoch')).not.toHaveLength(0);
    await live.look(signal);
    const [predictor] = live.predictors();
    // A day before its end: outcomes after that would reach into what comes next.
    expect(predictor?.model).toMatchObject({
      ...{ name: LSTM_CONTEXT, kind: 'LSTM', trainedThrough: addMs(endOf(BARS), -DAY_MS), featureSchema: 2 },
      card: { basket: [...ids].sort(), repeatable: true, horizons: LIVE_BARS.horizons },
    });
  });

  it('says for every live instrument what the laboratory says, of the same features', async () => {
    const issued = await issue(ids, endOf(BARS));
    expect(issued).toHaveLength(2 * LIVE_BARS.horizons.length);
    await expectLaboratory(issued, BARS);
  });

  it('speaks while the market waits for a bar that is late, and of the whole market once that has come', async () => {
    const [eth, btc] = ids as [InstrumentId, InstrumentId];
    await market.closeSome(eth, minutesOf(0, BARS));
    await market.setTime(endOf(BARS + 1));
    const early = await issue([eth], endOf(BARS + 1));
    expect(early).toHaveLength(LIVE_BARS.horizons.length);
    const input = fromInputBytes((await market.reader.findInput(early[0] as Forecast)) ?? new Uint8Array());
    const whole = (values: Float32Array) => values.filter((value) => !Number.isNaN(value)).length;
    await market.closeSome(btc, minutesOf(1, BARS));
    const late = await issue([btc], endOf(BARS + 1));
    await expectLaboratory(late, BARS + 1);
    const told = fromInputBytes((await market.reader.findInput(late[0] as Forecast)) ?? new Uint8Array());
    expect(whole(told)).toBeGreaterThan(whole(input));
  });

  it('is a member of the ensemble, which says the mean of the spreads under its own name', async () => {
    await doJob(HAR_S_REFIT.kind);
    await doJob(ENSEMBLE_REMAKING);
    await live.look(signal);
    expect(live.predictors().map((predictor) => predictor.model.name)).toEqual(expect.arrayContaining(['har-s', LSTM_CONTEXT, ENSEMBLE]));
    await market.closeSome(ids[1] as InstrumentId, minutesOf(1, BARS + 1));
    await market.setTime(endOf(BARS + 2));
    const issued = await issue(ids.slice(1), endOf(BARS + 2));
    const models = await market.reader.findModels();
    const spreadOf = (name: string, horizon: string) => {
      const id = models.filter((model) => model.name === name).at(-1)?.id;
      const quantiles = issued.find((forecast) => forecast.modelId === id && forecast.horizon === horizon)?.quantiles ?? [];
      return quantiles.map(({ logReturn }) => logReturn - (quantiles[(LEVELS - 1) / 2]?.logReturn ?? Number.NaN));
    };
    for (const horizon of LIVE_BARS.horizons) {
      const [one, two] = [spreadOf('har-s', horizon), spreadOf(LSTM_CONTEXT, horizon)];
      const said = spreadOf(ENSEMBLE, horizon);
      expect(said).toHaveLength(LEVELS);
      said.forEach((distance, level) => {
        expect(distance).toBeCloseTo(((one[level] ?? Number.NaN) + (two[level] ?? Number.NaN)) / 2, 12);
      });
    }
  });
});
