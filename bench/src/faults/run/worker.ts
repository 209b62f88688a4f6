// One worker of a run, started by the main program: takes blocks of seeds over IPC and answers with a result for each.
import { openStage } from './run-worlds.ts';

/** What the main program sends: a block of seeds, or the end. */
export type ToWorker = { readonly kind: 'run'; readonly seeds: readonly number[] } | { readonly kind: 'end' };

const [evidenceDir] = process.argv.slice(2);
const stage = await openStage(evidenceDir === undefined ? {} : { evidenceDir });
let working: Promise<void> = Promise.resolve();
let isEnding = false;

process.on('message', (message: ToWorker) => {
  if (message.kind === 'end') return void end(0);
  working = stage
    .run(message.seeds, (result) => void process.send?.({ kind: 'result', result }))
    .then(() => void process.send?.({ kind: 'done' }))
    .catch((cause: unknown) => {
      process.send?.({ kind: 'broken', reason: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
    });
});
// The main program has ended, however that happened: nothing may be left behind.
process.on('disconnect', () => void end(1));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(1));
process.send?.({ kind: 'done' });

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  void working.catch(() => undefined);
  await stage.close().catch((cause: unknown) => console.error(cause));
  process.exit(code);
}
