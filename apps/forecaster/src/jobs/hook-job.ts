import type { JobKind } from './job-kind.ts';

/** A part of a job. It must be idempotent. */
export type JobHook = (signal: AbortSignal) => Promise<void>;

/** Returns the kind of job that calls its hooks in their order; without hooks it is done at once. */
export function createHookJob(name: string, hooks: readonly JobHook[]): JobKind {
  return {
    name,
    async run(_, signal) {
      for (const hook of hooks) {
        signal.throwIfAborted();
        await hook(signal);
      }
      return null;
    },
  };
}
