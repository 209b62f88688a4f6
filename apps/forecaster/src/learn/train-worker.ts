// The training thread: the only place that loads TensorFlow. It trains what it was started with, says how it goes, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '@candlecast/domain';
import type { Estimator } from '../models/estimator.ts';
import { lstmShort } from '../models/lstm-short.ts';
import type { EstimatorName, TrainingMessage, TrainingTask } from './training-protocol.ts';

const ESTIMATORS: Readonly<Record<EstimatorName, Estimator>> = { 'lstm-short': lstmShort };

const task = workerData as TrainingTask;
try {
  const model = await ESTIMATORS[task.estimator].train(task.histories, task.seed, (progress) => say({ kind: 'progress', progress }));
  say({ kind: 'trained', model });
} catch (cause) {
  // An AppError loses its class on the way to another thread; anything else ends the thread and is reported as its error.
  if (!(cause instanceof AppError)) throw cause;
  say({ kind: 'refused', code: cause.code, message: cause.message });
}

function say(message: TrainingMessage): void {
  parentPort?.postMessage(message);
}
