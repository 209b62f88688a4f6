/** Lets a loop sleep until something happens or a time has passed. A call of `notify` between two waits is not lost. */
export class WakeUp {
  #isDue = false;
  #wake: (() => void) | undefined;

  notify(): void {
    this.#isDue = true;
    this.#wake?.();
  }

  /** Resolves at the next (or an already pending) `notify`, after `ms` milliseconds, or when `signal` aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isDue && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, Math.min(Math.max(ms, 0), 2_147_483_647));
        const onAbort = () => done();
        const clear = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          this.#wake = undefined;
        };
        function done() {
          clear();
          resolve();
        }
        signal.addEventListener('abort', onAbort, { once: true });
        this.#wake = done;
      });
    }
    this.#isDue = false;
  }
}
