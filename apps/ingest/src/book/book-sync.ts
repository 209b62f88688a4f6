import { type DepthChange, type DepthSnapshot, OrderBook } from './order-book.ts';

/** Why a book had to begin anew. */
export type RestartReason = 'gap' | 'buffer_full' | 'crossed' | 'link';

/** What a snapshot did: the book is in step, or it is older than the oldest change that is kept and another one is needed. */
export type SnapshotVerdict = 'synced' | 'too_old';

/** Changes that wait for a snapshot; more means that no snapshot comes. */
const MOST_BUFFERED = 2_000;

/**
 * Brings one book in step with its stream by the documented procedure, without any I/O: keep the changes, take a snapshot, drop what
 * it holds already, go on with the rest; begin anew when a change does not follow. The stream must run before the snapshot is asked for.
 */
export class BookSync {
  #buffer: DepthChange[] = [];
  #book: OrderBook | undefined;

  /** The book while it is in step. */
  get book(): OrderBook | undefined {
    return this.#book;
  }

  /** Takes a change from the stream; returns why the book begins anew when it does. */
  take(change: DepthChange): RestartReason | undefined {
    if (this.#book) {
      if (this.#book.apply(change) !== 'gap') return undefined;
      this.restart();
      this.#buffer.push(change);
      return 'gap';
    }
    this.#buffer.push(change);
    if (this.#buffer.length <= MOST_BUFFERED) return undefined;
    this.#buffer = [];
    return 'buffer_full';
  }

  /** Takes a snapshot that was asked for after the stream began. */
  offer(snapshot: DepthSnapshot): SnapshotVerdict {
    const book = new OrderBook(snapshot);
    for (const [index, change] of this.#buffer.entries()) {
      if (book.apply(change) !== 'gap') continue;
      // What came before the hole is of no use any more.
      this.#buffer = this.#buffer.slice(index);
      return 'too_old';
    }
    this.#buffer = [];
    this.#book = book;
    return 'synced';
  }

  /** Forgets everything: the next changes wait for a new snapshot. */
  restart(): void {
    this.#book = undefined;
    this.#buffer = [];
  }
}
