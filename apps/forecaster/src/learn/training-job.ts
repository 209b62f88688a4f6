import {
  AppError,
  type CandleReader,
  type Clock,
  type FinishedRun,
  type InstrumentReader,
  type RunStore,
  type TakenJob,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { JobKind } from '../jobs/job-kind.ts';
import type { TrainedModel, TrainingProgress } from '../models/estimator.ts';
import { type ArtifactStore, toSha256 } from '../registry/artifact-store.ts';
import { storeModel } from '../registry/models.ts';
import { toRunMetrics, toRunParameters } from '../registry/run-metrics.ts';
import { findLiveSeries, type HistoryWait } from './find-live-series.ts';
import { loadTask, type TaskPlan } from './load-task.ts';
import type { TrainingTask } from './training-protocol.ts';

/** What training needs of the world. */
export interface TrainingPorts {
  readonly instruments: InstrumentReader;
  readonly candles: CandleReader;
  readonly runs: RunStore;
  readonly artifacts: ArtifactStore;
  /** Trains, somewhere else than on the thread that serves, until `signal` aborts. */
  train(task: TrainingTask, onProgress: (progress: TrainingProgress) => void, signal: AbortSignal): Promise<TrainedModel>;
  /** Hears how far it is; null when no training is under way. */
  onProgress(progress: Pick<TrainingProgress, 'epoch' | 'epochs'> | null): void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface TrainingOptions {
  readonly venue: Venue;
  readonly codeVersion: string;
  readonly wait: HistoryWait;
}

/** How one kind of training job trains. */
export interface TrainingPlan extends TaskPlan {
  readonly kind: string;
  /** Trains a second time and refuses a model that does not come out the same, byte for byte. */
  readonly isProven: boolean;
}

/** Returns the kind of job that waits for history, trains, and leaves the model to be registered with the job's end. */
export function createTrainingJob(ports: TrainingPorts, options: TrainingOptions, plan: TrainingPlan): JobKind {
  return { name: plan.kind, run: (job, signal) => train(ports, options, plan, job, signal) };
}

async function train(
  ports: TrainingPorts,
  { venue, codeVersion, wait }: TrainingOptions,
  plan: TrainingPlan,
  job: TakenJob,
  signal: AbortSignal,
): Promise<FinishedRun> {
  const { estimator, seed, isProven } = plan;
  const { runs, logger } = ports;
  const live = await findLiveSeries(ports.instruments, venue, wait, ports.clock, signal);
  signal.throwIfAborted();
  const { task, parameters, dataHash } = await loadTask(ports.candles, live, plan, signal);
  const id = await runs.begin({ venue, name: estimator, parameters, seed, dataHash, codeVersion }, job);
  logger.info({ ...parameters, run: id }, 'training begins');
  ports.onProgress({ epoch: 0, epochs: 0 });
  let notes = Promise.resolve();
  try {
    const trained = await ports.train(
      task,
      (progress) => {
        ports.onProgress(progress);
        logger.info(progress, 'training');
        const { epoch, epochs: _, ...losses } = progress;
        notes = notes
          .then(() => runs.noteEpoch(id, epoch, losses))
          .catch((cause: unknown) => logger.warn({ err: cause, run: id, epoch }, 'an epoch could not be written down'));
      },
      signal,
    );
    await notes;
    if (isProven) await prove(trained, () => ports.train(task, () => undefined, signal));
    const proof = isProven ? { repeatable: true } : {};
    const stored = await storeModel({ ...trained, card: { ...trained.card, ...proof } }, venue, ports.artifacts);
    const { card } = stored.model;
    return { id, ...stored, parameters: toRunParameters(card), metrics: { ...toRunMetrics(card), ...(isProven ? { repeatable: 1 } : {}) } };
  } catch (cause) {
    await notes;
    if (!signal.aborted) await runs.fail(id, cause instanceof AppError ? cause.code : 'internal');
    throw cause;
  } finally {
    ports.onProgress(null);
  }
}

async function prove(trained: TrainedModel, again: () => Promise<TrainedModel>): Promise<void> {
  const [first, second] = [toSha256(trained.file), toSha256((await again()).file)];
  if (first !== second) throw new AppError('training_not_repeatable', `the same training gave ${first} and then ${second}`);
}
