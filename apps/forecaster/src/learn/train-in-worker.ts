import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '@candlecast/domain';
import type { MinuteSeries } from '../features/minute-series.ts';
import type { TrainedModel, TrainingProgress } from '../models/estimator.ts';
import type { TrainingMessage, TrainingTask } from './training-protocol.ts';

/**
 * Trains in a thread of its own, so that serving goes on. Throws the estimator's AppError, `training_failed` when the thread breaks down,
 * and `training_stopped` when `signal` aborts.
 */
export async function trainInWorker(
  script: URL,
  task: TrainingTask,
  onProgress: (progress: TrainingProgress) => void,
  signal: AbortSignal,
): Promise<TrainedModel> {
  // Bars are shared with the thread as they are.
  const workerData: TrainingTask = 'histories' in task ? { ...task, histories: task.histories.map(detach) } : task;
  const transferList = 'histories' in workerData ? workerData.histories.flatMap((series) => buffersOf(series)) : [];
  const worker = new Worker(script, { workerData, transferList });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let outcome: Exclude<TrainingMessage, { kind: 'progress' }> | undefined;
  worker.on('message', (message: TrainingMessage) => {
    if (message.kind === 'progress') onProgress(message.progress);
    else outcome = message;
  });
  try {
    await once(worker, 'exit');
  } catch (cause) {
    throw new AppError('training_failed', 'the training thread broke down', { cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (outcome?.kind === 'trained') return outcome.model;
  if (outcome?.kind === 'refused') throw new AppError(outcome.code, outcome.message);
  throw signal.aborted
    ? new AppError('training_stopped', 'the training was stopped')
    : new AppError('training_failed', 'the training thread ended without a model');
}

/** Copies a series out of the larger arrays of its buffer, so that its columns can be handed to another thread. */
function detach(series: MinuteSeries): MinuteSeries {
  return {
    ...series,
    logClose: series.logClose.slice(),
    logHigh: series.logHigh.slice(),
    logLow: series.logLow.slice(),
    baseVolume: series.baseVolume.slice(),
    takerBuyBaseVolume: series.takerBuyBaseVolume.slice(),
  };
}

function buffersOf(series: MinuteSeries): ArrayBuffer[] {
  const columns = [series.logClose, series.logHigh, series.logLow, series.baseVolume, series.takerBuyBaseVolume];
  return columns.map((column) => column.buffer as ArrayBuffer);
}
