import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addMs, type InstrumentId, MINUTE_MS, systemClock } from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVED_HORIZONS } from '../features/feature-schema.ts';
import { fromInputBytes } from '../features/model-input.ts';
import { createJobRunner } from '../jobs/job-runner.ts';
import { createJobMetrics } from '../jobs/metrics.ts';
import type { TrainedModel } from '../models/estimator.ts';
import type { Predictor } from '../models/predictor.ts';
import { openOnnxSession } from '../onnx/onnx-session.ts';
import { toSha256 } from '../registry/artifact-store.ts';
import { createDiskArtifactStore } from '../registry/disk-artifact-store.ts';
import { createHistoryKeeper } from '../serve/history-keeper.ts';
import { createIssuer } from '../serve/issue-forecasts.ts';
import { createCostLoader } from '../serve/load-costs.ts';
import { createServeMetrics } from '../serve/metrics.ts';
import { randomWalk, WALK_START } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { findVenueTime } from '../venue-time.ts';
import { createLearner, type LearnerStatus } from './learner.ts';
import { trainInWorker } from './train-in-worker.ts';
import { createTrainingJob } from './training-job.ts';
import { FIRST_TRAINING } from './training-plans.ts';

const SCRIPT = new URL('../testing/train-worker.mjs', import.meta.url);
const walk = randomWalk({ minutes: 14 * 1_440, seed: 31 });

let market: TestMarket;
let dataDir: string;
let trainings = 0;
/** The one real training: the same history and seed would give the same model again. */
let trained: Promise<TrainedModel> | undefined;

/** A forecaster as far as it learns: who looks for models, and who does the jobs. */
function aForecaster(holder = 'one', leaseMs = 60_000) {
  const logger = createLogger('test', 'silent');
  const artifacts = createDiskArtifactStore(dataDir);
  const now = () => findVenueTime(market.instruments, VENUE, systemClock);
  const learner = createLearner(
    { models: market.reader, champions: market.champions, jobs: market.jobs, artifacts, now, logger },
    { venue: VENUE, trainingKind: FIRST_TRAINING.kind, pollMs: 20, mostServed: 2 },
  );
  const training = createTrainingJob(
    {
      instruments: market.instruments,
      candles: market.candles,
      runs: market.runs,
      artifacts,
      train: (task, onProgress) => {
        trainings++;
        trained ??= trainInWorker(SCRIPT, task, onProgress, new AbortController().signal);
        return trained;
      },
      onProgress: learner.noteProgress,
      clock: systemClock,
      logger,
    },
    { venue: VENUE, codeVersion: 'test', wait: { pollMs: 20, patienceMs: 5_000 } },
    FIRST_TRAINING,
  );
  const runner = createJobRunner(
    { jobs: market.jobs, kinds: [training], now, metrics: createJobMetrics(createMetrics()), logger },
    { venue: VENUE, holder, pollMs: 20, leaseMs, mostAttempts: 3, patience: { baseMs: 10, capMs: 50 } },
  );
  return {
    learner,
    /** Looks and works until there is a model that serves. */
    async obtain(): Promise<Predictor> {
      const stop = new AbortController();
      const running = [learner.run(stop.signal), runner.run(stop.signal)];
      try {
        return await eventually(
          () => {
            const [predictor] = learner.predictors();
            if (!predictor) throw new Error('no model serves yet');
            return predictor;
          },
          { timeoutMs: 120_000 },
        );
      } finally {
        stop.abort();
        await Promise.all(running);
      }
    },
  };
}

beforeAll(async () => {
  market = await openTestMarket();
  dataDir = await mkdtemp(join(tmpdir(), 'learner-'));
});

afterAll(async () => {
  await market.drop();
  await rm(dataDir, { recursive: true });
});

// One story: each step goes on where the one before ended, as a forecaster's life does.
describe('createLearner', { timeout: 180_000 }, () => {
  let id: InstrumentId;

  it('waits for history, trains in a thread as a job, and serves what it registered', async () => {
    await market.setTime(WALK_START);
    const { learner, obtain } = aForecaster();
    const seen: LearnerStatus[] = [];
    const obtaining = obtain();
    expect(learner.status()).toMatchObject({ phase: 'waiting', model: null });
    id = await market.addLive('BTCUSDT', walk);
    await eventually(() => expect(learner.status().phase).toBe('training'), { timeoutMs: 60_000 });
    await eventually(
      () => {
        seen.push(learner.status());
        expect(learner.status().phase).toBe('serving');
      },
      { timeoutMs: 120_000 },
    );
    const { model } = await obtaining;
    expect(seen.some(({ phase, epoch, epochs }) => phase === 'training' && epoch >= 1 && epochs >= epoch)).toBe(true);
    expect(learner.status().model).toEqual({ name: 'lstm-short', version: model.version, sha256: model.sha256 });
    expect(model).toMatchObject({ name: 'lstm-short', kind: 'LSTM', card: { venue: VENUE, bestEpoch: expect.any(Number) } });
    expect(toSha256(await readFile(join(dataDir, model.artifactPath ?? '')))).toBe(model.sha256);
    expect(trainings).toBe(1);
  });

  it('leaves a run: what it was given, how it went, what it made', async () => {
    const [model] = await market.reader.findModels();
    const [run] = await market.readSql<Record<string, unknown>>('select * from run');
    expect(run).toMatchObject({
      state: 'DONE',
      model_id: model?.id,
      seed: 1,
      code_version: 'test',
      data_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      parameters: { trainingDays: 30, instruments: 1, minutes: 14 * 1_440, units: 24, batch: 256 },
      metrics: {
        'loss.validation': expect.any(Number),
        'loss.baseline': expect.any(Number),
        'parity.largestDifference': expect.any(Number),
      },
    });
    const epochs = await market.readSql<{ epoch: number; metrics: unknown }>('select epoch, metrics from run_epoch order by epoch');
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from(epochs, (_, index) => index));
    expect(epochs.length).toBeGreaterThan(1);
    expect(epochs[1]?.metrics).toEqual({ validationLoss: expect.any(Number), baselineLoss: expect.any(Number) });
    expect(await market.readSql('select path, sha256 from run_artifact')).toEqual([{ path: model?.artifactPath, sha256: model?.sha256 }]);
    await eventually(async () =>
      expect(await market.readSql('select kind, state, attempts from job')).toEqual([{ kind: 'train-first', state: 'DONE', attempts: 1 }]),
    );
  });

  it('serves the registered model at the next start, in every process, without training', async () => {
    const [model] = await market.reader.findModels();
    const predictors = await Promise.all([aForecaster('one').obtain(), aForecaster('two').obtain()]);
    expect(predictors.map((predictor) => predictor.model.version)).toEqual([model?.version, model?.version]);
    expect(trainings).toBe(1);
  });

  it('stores forecasts that anyone can make again from the stored input and the file of that sha256, to 1e-6', async () => {
    const predictor = await aForecaster().obtain();
    const histories = createHistoryKeeper(market.candles);
    await histories.load(id, addMs(walk.at(-1)?.openTime ?? WALK_START, MINUTE_MS));
    const ports = {
      predictors: () => [predictor],
      reference: predictor.model,
      codeVersion: 'test',
      histories,
      clocks: market.instruments,
      clock: systemClock,
      costs: createCostLoader(market.books, 10),
      calibrations: { find: () => undefined },
      paceOf: () => 'EVERY_CLOSE' as const,
      paces: market.paces,
    };
    const issue = createIssuer({ ...ports, writer: market.writer, metrics: createServeMetrics(createMetrics()) }, VENUE, 10_000);
    await issue([id]);
    const stored = await market.reader.findLatestForecasts([id], [...SERVED_HORIZONS]);
    expect(stored).toHaveLength(SERVED_HORIZONS.length);
    for (const forecast of stored) {
      const model = await market.reader.findModel(forecast.modelId);
      const file = await readFile(join(dataDir, model?.artifactPath ?? ''));
      expect(toSha256(file)).toBe(model?.sha256);
      const input = await market.reader.findInput(forecast);
      expect(toSha256(input ?? new Uint8Array())).toBe(forecast.inputHash);
      const session = await openOnnxSession(file);
      const [grid] = await session.run([fromInputBytes(input ?? new Uint8Array())]);
      await session.release();
      const row = SERVED_HORIZONS.indexOf(forecast.horizon as (typeof SERVED_HORIZONS)[number]) * forecast.quantiles.length;
      for (const [index, { logReturn }] of forecast.quantiles.entries())
        expect(Math.abs(logReturn - (grid?.[row + index] ?? Number.NaN))).toBeLessThan(1e-6);
    }
  });

  it('trains anew when the file was tampered with, and when it is gone', async () => {
    const model = (await market.reader.findModels()).at(-1);
    const path = join(dataDir, model?.artifactPath ?? '');
    await appendFile(path, 'x');
    expect((await aForecaster().obtain()).model.sha256).toBe(model?.sha256);
    expect(trainings).toBe(2);
    await rm(path);
    await aForecaster().obtain();
    expect(trainings).toBe(3);
  });

  it('says in its own words what the training thread refused', async () => {
    const refused = trainInWorker(
      SCRIPT,
      { estimator: 'lstm-short', histories: [], seed: 1 },
      () => undefined,
      new AbortController().signal,
    );
    await expect(refused).rejects.toMatchObject({ code: 'history_too_short' });
  });

  it('stops a training thread when it is told to', async () => {
    const stop = new AbortController();
    const stopped = trainInWorker(SCRIPT, { estimator: 'lstm-short', histories: [], seed: 1 }, () => undefined, stop.signal);
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'training_stopped' });
  });
});
