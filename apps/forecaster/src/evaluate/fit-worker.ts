// A thread that fits rows of the ladder on folds of a data set which all threads share.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '@candlecast/domain';
import { findModel } from './find-model.ts';
import type { FitAnswer, FitTask, FitWorkerData } from './fit-protocol.ts';
import { permutationImportance } from './importance.ts';

const { set, folds, seed } = workerData as FitWorkerData;

parentPort?.on('message', async (task: FitTask) => {
  try {
    const fold = folds[task.fold];
    const model = findModel(task.model);
    if (!fold || !model) throw new AppError('model_unknown', `there is no fold ${task.fold} or no model "${task.model}"`);
    const startedAt = performance.now();
    const predictor = await model.fit(set, fold.rows, seed, (progress) => say({ kind: 'progress', task, progress }));
    const quantiles = predictor.predict(set, fold.test);
    const importance = task.withImportance ? permutationImportance(set, fold.test, predictor, seed) : undefined;
    const card = { ...predictor.card, ...(importance && { importance }), fitMs: Math.round(performance.now() - startedAt) };
    say({ kind: 'fitted', task, quantiles, card });
  } catch (cause) {
    say({ kind: 'failed', task, message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  }
});

function say(answer: FitAnswer): void {
  parentPort?.postMessage(answer);
}
