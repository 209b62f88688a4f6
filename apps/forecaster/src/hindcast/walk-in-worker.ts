import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '@candlecast/domain';
import type { WalkedMoment, WalkMessage, WalkTask } from './walk-protocol.ts';

/**
 * Walks in a thread of its own, so that serving goes on. Throws what `walkModel` throws, `walk_failed` when the thread breaks down, and what `signal` was
 * aborted for.
 */
export async function walkInWorker(script: URL, task: WalkTask, signal: AbortSignal): Promise<readonly WalkedMoment[]> {
  signal.throwIfAborted();
  const worker = new Worker(script, { workerData: task });
  let said: WalkMessage | undefined;
  worker.on('message', (message: WalkMessage) => {
    said = message;
  });
  try {
    await once(worker, 'exit', { signal });
  } catch (cause) {
    await worker.terminate();
    signal.throwIfAborted();
    throw new AppError('walk_failed', 'the walking thread broke down', { cause });
  }
  if (said?.kind === 'walked') return said.moments;
  if (said?.kind === 'refused') throw new AppError(said.code, said.message);
  throw new AppError('walk_failed', 'the walking thread ended without a word');
}
