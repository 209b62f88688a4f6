// The training thread: the only place that loads TensorFlow. It trains what it was started with, says how it goes, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '@candlecast/domain';
import { trainLstmContext } from '../models/context/train-lstm-context.ts';
import type { TrainedModel, TrainingProgress } from '../models/estimator.ts';
import { trainHarS } from '../models/har/train-har-s.ts';
import { lstmShort } from '../models/lstm-short.ts';
import { giveWay } from './give-way.ts';
import type { TrainingMessage, TrainingTask } from './training-protocol.ts';

giveWay();
try {
  const model = await train(workerData as TrainingTask, (progress) => say({ kind: 'progress', progress }));
  say({ kind: 'trained', model });
} catch (cause) {
  // An AppError loses its class on the way to another thread; anything else ends the thread and is reported as its error.
  if (!(cause instanceof AppError)) throw cause;
  say({ kind: 'refused', code: cause.code, message: cause.message });
}

async function train(task: TrainingTask, onProgress: (progress: TrainingProgress) => void): Promise<TrainedModel> {
  if (task.estimator === 'lstm-short') return lstmShort.train(task.histories, task.seed, onProgress);
  return task.estimator === 'har-s' ? trainHarS(task.bars) : trainLstmContext(task.bars, task.seed, onProgress);
}

function say(message: TrainingMessage): void {
  parentPort?.postMessage(message);
}
