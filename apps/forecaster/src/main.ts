import { createEventLog } from '@candlecast/bus';
import { systemClock } from '@candlecast/domain';
import {
  createCandleReader,
  createDatabase,
  createForecastReader,
  createForecastScorer,
  createForecastWriter,
  createInstrumentReader,
} from '@candlecast/store';
import { createLogger, createMetrics, runService, startHealthServer } from '@candlecast/telemetry';
import { loadCodeVersion } from './code-version.ts';
import { readConfig } from './config.ts';
import { keepTrying } from './keep-trying.ts';
import { createLearner } from './learn/learner.ts';
import { trainInWorker } from './learn/train-in-worker.ts';
import { createEwmaNormal, EWMA_NORMAL } from './models/ewma-normal.ts';
import type { Predictor } from './models/predictor.ts';
import { createArtifactStore } from './onnx/artifact-store.ts';
import { createScoreMetrics } from './score/metrics.ts';
import { createResolver } from './score/resolver.ts';
import { createHistoryKeeper } from './serve/history-keeper.ts';
import { createIssuer } from './serve/issue-forecasts.ts';
import { createServeMetrics } from './serve/metrics.ts';
import { createCloseServer } from './serve/serve-closes.ts';

/** Enough for a first model within two minutes on two cores; the short history is what its name says. */
const TRAINING_DAYS = 30;
const SEED = 1;
const HISTORY_WAIT = { pollMs: 1_000, patienceMs: 60_000 };
const SERVING_PATIENCE = { baseMs: 200, capMs: 5_000 };
/** Maturing is a matter of minutes; a scan of what is due that finds nothing is one look at an index. */
const RESOLVE_POLL_MS = 1_000;
const RESOLVE_BATCH = 2_000;
const LEARNING_PATIENCE = { baseMs: 2_000, capMs: 60_000 };
/** Beside this file once it is built. */
const TRAINING_SCRIPT = new URL('./train-worker.js', import.meta.url);

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
  const serving: Predictor[] = [createEwmaNormal(reference)];

  const learner = createLearner(
    {
      instruments,
      candles,
      models: { ...reader, saveModel: writer.saveModel },
      artifacts: createArtifactStore(config.dataDir),
      train: (task, onProgress) => trainInWorker(TRAINING_SCRIPT, task, onProgress, signal),
      clock: systemClock,
      logger,
    },
    { venue: config.venue, estimator: 'lstm-short', trainingDays: TRAINING_DAYS, seed: SEED, wait: HISTORY_WAIT },
  );
  const learning = keepTrying('learning', () => learner.obtain(signal), { logger, signal, patience: LEARNING_PATIENCE });
  const learned = learning.then((predictor) => predictor && serving.push(predictor));
  onStop('learning', () => learned.then(() => undefined));

  const histories = createHistoryKeeper(candles);
  const issuing = {
    predictors: () => serving,
    reference,
    codeVersion: loadCodeVersion(new URL(import.meta.url)),
    histories,
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
