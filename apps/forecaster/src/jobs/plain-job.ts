import type { JobKind } from './job-kind.ts';

/** Returns a kind of job that trains nothing. `work` must be idempotent. */
export function createPlainJob(name: string, work: (signal: AbortSignal) => Promise<void>): JobKind {
  return {
    name,
    async run(_, signal) {
      await work(signal);
      return null;
    },
  };
}
