// The walking thread: fits a model, lets it speak at moments of the past, says what it said, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '@candlecast/domain';
import { giveWay } from '../learn/give-way.ts';
import { walkModel } from './walk-model.ts';
import type { WalkMessage, WalkTask } from './walk-protocol.ts';

giveWay();
try {
  say({ kind: 'walked', moments: await walkModel(workerData as WalkTask) });
} catch (cause) {
  // An AppError loses its class on the way to another thread; anything else ends the thread and is reported as its error.
  if (!(cause instanceof AppError)) throw cause;
  say({ kind: 'refused', code: cause.code, message: cause.message });
}

function say(message: WalkMessage): void {
  parentPort?.postMessage(message);
}
