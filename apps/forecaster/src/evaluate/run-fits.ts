import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '@candlecast/domain';
import type { LadderProgress } from '../models/ladder/ladder-model.ts';
import type { FitAnswer, FitTask, FitWorkerData } from './fit-protocol.ts';
import type { KeptFit } from './prediction-store.ts';

/** What happens while fits run. */
export interface FitEvents {
  /** Called once for each task, in the order in which they end; the next task of that thread waits for it. */
  onFitted(task: FitTask, fit: KeptFit): Promise<void>;
  onProgress(task: FitTask, progress: LadderProgress): void;
}

/** Runs the tasks on `threads` threads, each taking the next as it is free. Throws `fit_failed` with the first task that fails; the others end. */
export async function runFits(
  script: URL,
  data: FitWorkerData,
  tasks: readonly FitTask[],
  threads: number,
  events: FitEvents,
): Promise<void> {
  const waiting = [...tasks];
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => new Worker(script, { workerData: data }));
  try {
    await Promise.all(workers.map((worker) => work(worker, waiting, events)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function work(worker: Worker, waiting: FitTask[], events: FitEvents): Promise<void> {
  let task = waiting.shift();
  if (!task) return;
  // Listens before it asks: an answer cannot come unheard.
  const answers = on(worker, 'message') as AsyncIterable<[FitAnswer]>;
  worker.postMessage(task);
  for await (const [answer] of answers) {
    if (answer.kind === 'progress') {
      events.onProgress(task, answer.progress);
      continue;
    }
    if (answer.kind === 'failed')
      throw new AppError('fit_failed', `${task.model} could not be fitted on fold ${task.fold}: ${answer.message}`);
    await events.onFitted(task, answer);
    task = waiting.shift();
    if (!task) return;
    worker.postMessage(task);
  }
}
