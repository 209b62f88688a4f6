import type { LocalEvent } from './local-event.ts';

/** What a step hands back, and a few words about it for the user. */
export type StepResult<T> = readonly [value: T, detail: string];

/** Runs one named step. */
export type Step = <T>(name: string, work: () => Promise<StepResult<T>>) => Promise<T>;

/** Returns a function that runs one named step and reports its start, its end and its duration; none starts once `signal` aborts. */
export function createSteps(onEvent: (event: LocalEvent) => void, signal: AbortSignal): Step {
  return async (name, work) => {
    signal.throwIfAborted();
    const startedAt = performance.now();
    onEvent({ type: 'step-started', step: name });
    const [value, detail] = await work();
    onEvent({ type: 'step-finished', step: name, durationMs: performance.now() - startedAt, detail });
    return value;
  };
}

/** Things to be stopped in the end. */
export interface StopList {
  add(name: string, stop: () => Promise<void>): void;
  /** Stops everything, the last added first, each even when another fails; a second call finds nothing left. */
  stopAll(onStopped?: (name: string) => void): Promise<void>;
}

export function createStopList(): StopList {
  const entries: { name: string; stop: () => Promise<void> }[] = [];
  return {
    add: (name, stop) => void entries.push({ name, stop }),
    async stopAll(onStopped = () => undefined) {
      const failures: unknown[] = [];
      for (let entry = entries.pop(); entry; entry = entries.pop()) {
        const { name, stop } = entry;
        await stop().then(
          () => onStopped(name),
          (cause: unknown) => failures.push(cause),
        );
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be stopped');
    },
  };
}
