import type { InstrumentId, InstrumentWriter, SeriesState } from '@candlecast/domain';
import { WakeUp } from '../wake-up.ts';

/** Writes series states in the background: the newest per instrument counts, unchanged ones are not written again, many go at once. */
export class StateWriter {
  readonly #writer: Pick<InstrumentWriter, 'setStates'>;
  readonly #wakeUp = new WakeUp();
  readonly #written = new Map<InstrumentId, string>();
  readonly #wanted = new Map<InstrumentId, { readonly state: SeriesState; readonly reason: string | null }>();

  constructor(writer: Pick<InstrumentWriter, 'setStates'>) {
    this.#writer = writer;
  }

  /** Asks for a state; never blocks. */
  set(id: InstrumentId, state: SeriesState, reason: string | null): void {
    this.#wanted.set(id, { state, reason });
    this.#wakeUp.notify();
  }

  /** From now on another one says how the instrument stands. */
  forget(id: InstrumentId): void {
    this.#wanted.delete(id);
    this.#written.delete(id);
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const changes = [...this.#wanted]
        .map(([id, { state, reason }]) => ({ id, state, reason }))
        .filter(({ id, state, reason }) => this.#written.get(id) !== `${state} ${reason}`);
      this.#wanted.clear();
      if (changes.length === 0) {
        await this.#wakeUp.wait(Number.POSITIVE_INFINITY, signal);
        continue;
      }
      await this.#writer.setStates(changes);
      for (const { id, state, reason } of changes) this.#written.set(id, `${state} ${reason}`);
    }
  }
}
