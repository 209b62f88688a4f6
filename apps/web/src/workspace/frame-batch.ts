/** Collects work for the next animation frames, so that panes and rows of a page are painted together. */
export interface FrameBatch {
  /** Runs `work` once in one of the next frames, however often it is asked for until then. */
  request(work: () => void): void;
  cancel(work: () => void): void;
}

/**
 * Makes a batch over `nextFrame` (`requestAnimationFrame` in a browser). A frame takes `mostAFrame` of what waits, the oldest first: nine charts that
 * move at once would be one long task, and a frame missed; a few of them a frame are seen no later than a glance.
 */
export function createFrameBatch(nextFrame: (callback: () => void) => unknown, mostAFrame = Number.POSITIVE_INFINITY): FrameBatch {
  const waiting = new Set<() => void>();
  let isAsked = false;
  const ask = () => {
    if (isAsked || waiting.size === 0) return;
    isAsked = true;
    nextFrame(run);
  };
  const run = () => {
    isAsked = false;
    try {
      for (const work of [...waiting].slice(0, mostAFrame)) {
        if (waiting.delete(work)) work();
      }
    } finally {
      ask();
    }
  };
  return {
    request(work) {
      waiting.add(work);
      ask();
    },
    cancel: (work) => void waiting.delete(work),
  };
}
