/** What a stream holds until its reader asks for it. */
export interface StreamQueue<T> {
  /** Adds an event; one with a `latestKey` replaces the one under the same key that still waits. */
  push(value: T, latestKey?: string): void;
  /** Ends the stream after what waits; with `error` the reader gets it thrown. */
  end(error?: unknown): void;
  /** Ends the stream at once. */
  drop(): void;
  read(): AsyncGenerator<T, void, undefined>;
}

/**
 * Returns a queue that calls `onFull` when `capacity` events wait and `onEmpty` when none do any more: its source is to
 * pause in between. Latest-only events are conflated and never fill it.
 */
export function createStreamQueue<T>(capacity: number, onFull: () => void, onEmpty: () => void): StreamQueue<T> {
  let slots: { value: T; readonly key: string | undefined }[] = [];
  const latest = new Map<string, { value: T }>();
  let isFull = false;
  let ended: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;

  return {
    push(value, latestKey) {
      if (ended) return;
      const waiting = latestKey === undefined ? undefined : latest.get(latestKey);
      if (waiting) {
        waiting.value = value;
        return;
      }
      const slot = { value, key: latestKey };
      slots.push(slot);
      if (latestKey !== undefined) latest.set(latestKey, slot);
      if (!isFull && slots.length - latest.size >= capacity) {
        isFull = true;
        onFull();
      }
      wake?.();
    },
    end(error) {
      ended ??= { error };
      wake?.();
    },
    drop() {
      ended = { error: undefined };
      slots = [];
      wake?.();
    },
    async *read() {
      for (;;) {
        const slot = slots.shift();
        if (slot) {
          if (slot.key !== undefined) latest.delete(slot.key);
          yield slot.value;
          continue;
        }
        if (ended) {
          if (ended.error !== undefined) throw ended.error;
          return;
        }
        if (isFull) {
          isFull = false;
          onEmpty();
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    },
  };
}
