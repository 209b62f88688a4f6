/** Collects work for the next animation frame, so that all panes and rows of a page are painted together. */
export interface FrameBatch {
  /** Runs `work` once in the next frame, however often it is asked for until then. */
  request(work: () => void): void;
  cancel(work: () => void): void;
}

/** Makes a batch over `nextFrame` (`requestAnimationFrame` in a browser). */
export function createFrameBatch(nextFrame: (callback: () => void) => unknown): FrameBatch {
  let waiting = new Set<() => void>();
  const run = () => {
    const due = waiting;
    waiting = new Set();
    for (const work of due) work();
  };
  return {
    request(work) {
      if (waiting.size === 0) nextFrame(run);
      waiting.add(work);
    },
    cancel: (work) => void waiting.delete(work),
  };
}
