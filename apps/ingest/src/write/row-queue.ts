import type { Logger } from '@candlecast/telemetry';
import { pause } from '../pause.ts';
import { isStopped } from '../retry.ts';
import { WakeUp } from '../wake-up.ts';

/** What a queue of rows needs. */
export interface RowQueueOptions<Row> {
  /** What the rows are, for logs and metrics. */
  readonly name: string;
  /** Stores rows in one statement and returns how many were new; retries by itself what another try can cure. */
  readonly write: (rows: readonly Row[]) => Promise<number>;
  /** Milliseconds of this machine's time over which rows are gathered. */
  readonly gatherMs: number;
  readonly maxRowsPerWrite: number;
  /** Rows that may wait; what comes when it is full is dropped (policy `refuse newest`). */
  readonly maxWaiting: number;
  readonly onStored: (stored: number) => void;
  /** Hears of rows that are lost: the queue was full, or the database refuses them for good. */
  readonly onDropped: (rows: readonly Row[], reason: 'full' | 'refused') => void;
  readonly onDepth: (waiting: number) => void;
  readonly log: Logger;
}

/** Gathers rows of which each is small and none is waited for into few statements. */
export class RowQueue<Row> {
  readonly #options: RowQueueOptions<Row>;
  readonly #wakeUp = new WakeUp();
  #waiting: Row[] = [];

  constructor(options: RowQueueOptions<Row>) {
    this.#options = options;
  }

  /** How many more rows can be taken. */
  get room(): number {
    return this.#options.maxWaiting - this.#waiting.length;
  }

  /** Takes rows; never blocks. */
  put(rows: readonly Row[]): void {
    const { room } = this;
    if (rows.length > room) this.#options.onDropped(rows.slice(room), 'full');
    for (let index = 0; index < Math.min(rows.length, room); index += 1) this.#waiting.push(rows[index] as Row);
    this.#wakeUp.notify();
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { gatherMs, maxRowsPerWrite, onDepth } = this.#options;
    while (!signal.aborted) {
      const rows = this.#waiting.splice(0, maxRowsPerWrite);
      onDepth(rows.length + this.#waiting.length);
      if (rows.length > 0) await this.#write(rows);
      if (this.#waiting.length < maxRowsPerWrite) await this.#gather(gatherMs, signal);
    }
  }

  async #gather(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length === 0) await this.#wakeUp.wait(Number.POSITIVE_INFINITY, signal);
    await pause(ms, signal);
  }

  /** One bad row must not take the others with it. */
  async #write(rows: readonly Row[]): Promise<void> {
    const { name, write, onStored, onDropped, log } = this.#options;
    try {
      onStored(await write(rows));
    } catch (cause) {
      if (isStopped(cause)) return;
      if (rows.length === 1) {
        onDropped(rows, 'refused');
        log.warn({ err: cause, row: rows[0] }, `the database refuses a row of ${name}`);
        return;
      }
      const half = Math.ceil(rows.length / 2);
      await this.#write(rows.slice(0, half));
      await this.#write(rows.slice(half));
    }
  }
}
