import { hostname } from 'node:os';
import { createEventLog } from '@candlecast/bus';
import { systemClock } from '@candlecast/domain';
import {
  createBookReader,
  createCalibrationStore,
  createCandleReader,
  createChampionStore,
  createDatabase,
  createDriftStore,
  createForecastReader,
  createForecastScorer,
  createForecastWriter,
  createHindcastWriter,
  createInstrumentReader,
  createJobStore,
  createPaceStore,
  createPointErrorReader,
  createRunStore,
  createWideningStore,
} from '@candlecast/store';
import { createLogger, createMetrics, runService, startHealthServer } from '@candlecast/telemetry';
import { createCalibrator } from './calibrate/calibrator.ts';
import { makeTables } from './calibrate/make-tables.ts';
import { widenPaths } from './calibrate/widen-paths.ts';
import { createChampionKeeper } from './champion/keep-champions.ts';
import { createChampionMetrics } from './champion/metrics.ts';
import { watchDrift } from './champion/watch-drift.ts';
import { loadCodeVersion } from './code-version.ts';
import { readConfig } from './config.ts';
import { makeHindcasts } from './hindcast/make-hindcasts.ts';
import { createHindcastMetrics } from './hindcast/metrics.ts';
import { WALK_PLAN } from './hindcast/plan-walk.ts';
import { walkInWorker } from './hindcast/walk-in-worker.ts';
import type { WalkTask } from './hindcast/walk-protocol.ts';
import type { ScheduledJob } from './jobs/job-kind.ts';
import { createJobRunner } from './jobs/job-runner.ts';
import { createJobMetrics } from './jobs/metrics.ts';
import { createPlainJob } from './jobs/plain-job.ts';
import { scheduleJobs } from './jobs/schedule-jobs.ts';
import { keepTrying } from './keep-trying.ts';
import { createBarLearner } from './learn/bar-learner.ts';
import { createContextKind } from './learn/context-kind.ts';
import { createEnsembleJob } from './learn/ensemble-job.ts';
import { createEnsembleKind } from './learn/ensemble-kind.ts';
import { createHarKind } from './learn/har-kind.ts';
import { createLearner } from './learn/learner.ts';
import { shareVersions } from './learn/share-versions.ts';
import { trainInWorker } from './learn/train-in-worker.ts';
import { createTrainingJob } from './learn/training-job.ts';
import {
  CONTEXT_RETRAINING,
  ENSEMBLE_REMAKING,
  FIRST_CONTEXT,
  FIRST_ENSEMBLE,
  FIRST_HAR_S,
  FIRST_TRAINING,
  HAR_S_REFIT,
  RETRAINING,
} from './learn/training-plans.ts';
import type { TrainingTask } from './learn/training-protocol.ts';
import type { TrainingProgress } from './models/estimator.ts';
import { createEwmaNormal, EWMA_NORMAL } from './models/ewma-normal.ts';
import { createMlflow } from './registry/mlflow.ts';
import { findNewestModels } from './registry/models.ts';
import { openArtifactStore } from './registry/open-artifact-store.ts';
import { createScoreMetrics } from './score/metrics.ts';
import { createResolver } from './score/resolver.ts';
import { createHistoryKeeper, type HistoryKeeper } from './serve/history-keeper.ts';
import { createIssuer } from './serve/issue-forecasts.ts';
import { createCostLoader } from './serve/load-costs.ts';
import { createServeMetrics } from './serve/metrics.ts';
import { createPaceOf } from './serve/pace-of.ts';
import { createCloseServer } from './serve/serve-closes.ts';
import { findVenueTime } from './venue-time.ts';

const HISTORY_WAIT = { pollMs: 1_000, patienceMs: 60_000 };
const SERVING_PATIENCE = { baseMs: 200, capMs: 5_000 };
/** Maturing is a matter of minutes; a scan of what is due that finds nothing is one look at an index. */
const RESOLVE_POLL_MS = 1_000;
const RESOLVE_BATCH = 2_000;
/** Tables of a day are made by one job, at its beginning; the day before's hold until they are loaded. */
const CALIBRATE_POLL_MS = 300_000;
const LEARNING_PATIENCE = { baseMs: 2_000, capMs: 60_000 };
/** Longer than a tracking server is away. */
const EXPORTED_DAYS = 35;
/** Each costs as much at every close as the first: a champion, its predecessor or successor, and room for two that try. */
const MOST_SERVED = 4;
/** How often to look for a model that this or another process has trained: one look at a small table. */
const LEARNING_POLL_MS = 2_000;
/** Histories of bars that have changed are read again no sooner. */
const BAR_LEARNING_POLL_MS = 15_000;
/** A process that was killed loses its job after 15 s; one look for what is due is one look at an index. */
const JOBS = { pollMs: 1_000, leaseMs: 15_000, mostAttempts: 5, patience: LEARNING_PATIENCE };
/** Beside this file once it is built. */
const TRAINING_SCRIPT = new URL('./train-worker.js', import.meta.url);
const WALKING_SCRIPT = new URL('./walk-worker.js', import.meta.url);

const read = readConfig(process.env);
if (!read.ok) {
  console.error(read.error.message);
  process.exit(1);
}
const config = read.value;
const logger = createLogger('forecaster', config.logLevel);

runService(logger, async ({ signal, onStop }) => {
  const database = await createDatabase({ url: config.databaseUrl, applicationName: 'forecaster', poolSize: 4 });
  onStop('database', () => database.close());
  const log = createEventLog({ url: config.databaseUrl, log: (message, cause) => logger.warn({ err: cause }, message) });
  onStop('event log', () => log.close());
  const instruments = createInstrumentReader(database);
  const candles = createCandleReader(database);
  const reader = createForecastReader(database);
  const writer = createForecastWriter(database);
  const metrics = createMetrics();
  const serveMetrics = createServeMetrics(metrics);
  const reference = await writer.saveModel(EWMA_NORMAL);
  const baseline = createEwmaNormal(reference);

  const now = () => findVenueTime(instruments, config.venue, systemClock);
  const codeVersion = loadCodeVersion(new URL(import.meta.url));
  const artifacts = openArtifactStore(config.dataDir, config.bucket);
  const champions = createChampionStore(database);
  const championMetrics = createChampionMetrics(metrics);
  const calibrations = createCalibrationStore(database);
  const jobs = createJobStore(database);
  const learner = createLearner(
    { models: reader, champions, jobs, artifacts, now, logger },
    { venue: config.venue, trainingKind: FIRST_TRAINING.kind, pollMs: LEARNING_POLL_MS, mostServed: MOST_SERVED },
  );
  const learning = keepTrying('learning', () => learner.run(signal), { logger, signal, patience: LEARNING_PATIENCE });
  onStop('learning', () => learning);

  const members = [createHarKind(candles), createContextKind(candles)].map(shareVersions);
  const bars = createBarLearner(
    { models: reader, instruments, jobs, artifacts, now, logger },
    [...members, createEnsembleKind({ models: reader, artifacts }, members, FIRST_ENSEMBLE)],
    {
      venue: config.venue,
      pollMs: BAR_LEARNING_POLL_MS,
    },
  );
  const barLearning = keepTrying('learning of bars', () => bars.run(signal), { logger, signal, patience: LEARNING_PATIENCE });
  onStop('learning of bars', () => barLearning);

  const runs = createRunStore(database);
  const mlflow = config.mlflowUri && createMlflow({ uri: config.mlflowUri, experiment: `candlecast ${config.venue}`, timeoutMs: 30_000 });
  const training = {
    instruments,
    candles,
    runs,
    artifacts,
    train: (task: TrainingTask, onProgress: (progress: TrainingProgress) => void, until: AbortSignal) =>
      trainInWorker(TRAINING_SCRIPT, task, onProgress, until),
    onProgress: learner.noteProgress,
    clock: systemClock,
    logger,
  };
  const trainingOptions = { venue: config.venue, codeVersion, wait: HISTORY_WAIT };
  // How far the models of minutes are is what a first start waits for.
  const quietly = { ...training, onProgress: () => undefined };
  const findNewest = () => findNewestModels(reader, config.venue);
  const keeper = createChampionKeeper({ store: champions, findNewest, metrics: championMetrics, logger }, config.venue);
  const ensemble = { instruments, findNewest, errors: createPointErrorReader(database), runs, artifacts, now, logger };
  const making = { store: calibrations, logger };
  const widening = { store: createWideningStore(database), candles, logger };
  const drift = { champions, forecasts: reader, checks: createDriftStore(database), metrics: championMetrics, logger };
  const kinds = [
    createTrainingJob(training, trainingOptions, FIRST_TRAINING),
    createTrainingJob(training, trainingOptions, RETRAINING),
    ...[FIRST_HAR_S, HAR_S_REFIT, FIRST_CONTEXT, CONTEXT_RETRAINING].map((plan) => createTrainingJob(quietly, trainingOptions, plan)),
    ...[FIRST_ENSEMBLE, ENSEMBLE_REMAKING].map((kind) => createEnsembleJob(ensemble, config.venue, codeVersion, kind)),
    createPlainJob('check-champions', async () => keeper.check(await now())),
    createPlainJob('judge-challengers', async () => void (await keeper.judge(await now()))),
    createPlainJob('check-drift', async () => void (await watchDrift(drift, config.venue, await now()))),
    createPlainJob('refit-calibration', async (until) => void (await makeTables(making, config.venue, await now(), until))),
    createPlainJob('widen-paths', async (until) => void (await widenPaths(widening, config.venue, await now(), until))),
    ...(mlflow
      ? [createPlainJob('export-runs', async (until) => mlflow.exportRuns(await runs.findEnded(config.venue, EXPORTED_DAYS), until))]
      : []),
  ];
  const scheduled: readonly ScheduledJob[] = [
    { kind: RETRAINING.kind, cadence: config.retraining },
    { kind: CONTEXT_RETRAINING.kind, cadence: config.retraining },
    { kind: HAR_S_REFIT.kind, cadence: 'DAILY' },
    { kind: ENSEMBLE_REMAKING, cadence: 'DAILY' },
    { kind: 'judge-challengers', cadence: 'MONTHLY' },
    { kind: 'check-champions', cadence: 'DAILY' },
    { kind: 'check-drift', cadence: 'DAILY' },
    ...(mlflow ? [{ kind: 'export-runs', cadence: 'DAILY' } as const] : []),
    { kind: 'refit-calibration', cadence: 'DAILY' },
    { kind: 'widen-paths', cadence: 'DAILY' },
    { kind: 'hindcast', cadence: 'DAILY' },
  ];
  const jobMetrics = createJobMetrics(metrics);
  const runner = createJobRunner(
    { jobs, kinds, now, metrics: jobMetrics, logger },
    { ...JOBS, venue: config.venue, holder: `${hostname()} ${process.pid}` },
  );
  const paceOf = createPaceOf(config.everyClose);
  const hindcasting = {
    ...{ instruments, candles, writer: createHindcastWriter(database), now, metrics: createHindcastMetrics(metrics), logger },
    walk: (task: WalkTask, until: AbortSignal) => walkInWorker(WALKING_SCRIPT, task, until),
  };
  const walking = { ...WALK_PLAN, venue: config.venue, codeVersion, paceOf };
  const walk = createPlainJob('hindcast', async (until) => void (await makeHindcasts(hindcasting, walking, until)));
  // Beside the others: the first walk takes longer than any of them may wait.
  const walker = createJobRunner(
    { jobs, kinds: [walk], now, metrics: jobMetrics, logger },
    { ...JOBS, venue: config.venue, holder: `${hostname()} ${process.pid} hindcasts` },
  );
  const working = keepTrying('scheduling jobs', async () => scheduleJobs(jobs, config.venue, scheduled, await now()), {
    logger,
    signal,
    patience: LEARNING_PATIENCE,
  }).then(() => Promise.all([runner.run(signal), walker.run(signal)]));
  onStop('jobs', async () => void (await working));

  const minutes = createHistoryKeeper(candles);
  const histories: HistoryKeeper = {
    ...minutes,
    take(event) {
      bars.note(event);
      return minutes.take(event);
    },
  };
  const calibrator = createCalibrator(
    { store: calibrations, now, logger },
    { venue: config.venue, pollMs: CALIBRATE_POLL_MS, patience: LEARNING_PATIENCE },
  );
  const calibrated = calibrator.run(signal);
  onStop('calibrating', () => calibrated);

  const issuing = {
    predictors: () => [baseline, ...learner.predictors(), ...bars.predictors()],
    reference,
    codeVersion,
    paceOf,
    paces: createPaceStore(database),
    histories,
    calibrations: calibrator,
    costs: createCostLoader(createBookReader(database), config.feeBps),
    writer,
    clocks: instruments,
    clock: systemClock,
    metrics: serveMetrics,
  };
  const server = createCloseServer(
    {
      log,
      instruments,
      histories,
      issue: createIssuer(issuing, config.venue, config.deadlineMs),
      clock: systemClock,
      metrics: serveMetrics,
      logger,
    },
    { venue: config.venue, deadlineMs: config.deadlineMs, patience: SERVING_PATIENCE },
  );
  const served = server.run(signal);
  onStop('serving', () => served);

  const resolver = createResolver(
    { scorer: createForecastScorer(database), metrics: createScoreMetrics(metrics), logger },
    { venue: config.venue, pollMs: RESOLVE_POLL_MS, batchSize: RESOLVE_BATCH, patience: SERVING_PATIENCE },
  );
  const resolved = resolver.run(signal);
  onStop('resolving', () => resolved);

  const health = await startHealthServer({
    host: config.host,
    port: config.port,
    metrics,
    status: learner.status,
    checks: [
      { name: 'serving', check: () => ({ ready: server.trouble() === null, detail: server.trouble() }) },
      { name: 'model', check: () => ({ ready: true, detail: learner.status().phase === 'waiting' ? 'waiting for history' : null }) },
    ],
  });
  onStop('health server', () => health.close());
  logger.info({ venue: config.venue, port: health.port }, 'started');
});
