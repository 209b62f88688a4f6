/** Something that flows and can stand still for a while. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/** The part of a document that tells whether somebody sees it. */
export interface Sight {
  readonly visibilityState: 'hidden' | 'visible';
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

interface Options {
  /** Told of every change. */
  readonly onChange: (isPaused: boolean) => void;
  readonly page?: Sight;
  readonly patienceMs?: number;
}

/** Whoever only looks at another tab for a moment finds nothing interrupted. */
const PATIENCE_MS = 5_000;

/** Lets what is added stand still once the page has been hidden for a while, until it is seen again. `add` returns how to take it out. */
export function createHiddenPause({ onChange, page, patienceMs = PATIENCE_MS }: Options): { add(flow: Pausable): () => void } {
  const flows = new Set<Pausable>();
  let isPaused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look(): void {
    clearTimeout(timer);
    if (sight().visibilityState === 'hidden') timer = setTimeout(set, patienceMs, true);
    else if (isPaused) set(false);
  }

  function set(next: boolean): void {
    isPaused = next;
    for (const flow of [...flows]) next ? flow.pause() : flow.resume();
    onChange(next);
  }

  function sight(): Sight {
    return page ?? document;
  }

  return {
    add(flow) {
      if (flows.size === 0) {
        sight().addEventListener('visibilitychange', look);
        look();
      }
      flows.add(flow);
      if (isPaused) flow.pause();
      return () => {
        flows.delete(flow);
        if (flows.size > 0) return;
        clearTimeout(timer);
        sight().removeEventListener('visibilitychange', look);
      };
    },
  };
}
