import type { InstrumentId, InstrumentWriter, SeriesState } from '@candlecast/domain';
import { WakeUp } from '../wake-up.ts';

/** Writes series states in the background: the newest per instrument counts, unchanged ones are not written again. */
export class StateWriter {
  readonly #writer: Pick<InstrumentWriter, 'setState'>;
  readonly #wakeUp = new WakeUp();
  readonly #written = new Map<InstrumentId, string>();
  readonly #wanted = new Map<InstrumentId, { readonly state: SeriesState; readonly reason: string | null }>();

  constructor(writer: Pick<InstrumentWriter, 'setState'>) {
    this.#writer = writer;
  }

  /** Asks for a state; never blocks. */
  set(id: InstrumentId, state: SeriesState, reason: string | null): void {
    this.#wanted.set(id, { state, reason });
    this.#wakeUp.notify();
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [next] = this.#wanted;
      if (!next) {
        await this.#wakeUp.wait(Number.POSITIVE_INFINITY, signal);
        continue;
      }
      const [id, { state, reason }] = next;
      this.#wanted.delete(id);
      if (this.#written.get(id) === `${state} ${reason}`) continue;
      await this.#writer.setState(id, state, reason);
      this.#written.set(id, `${state} ${reason}`);
    }
  }
}
