import type { BookSample, EpochMs, InstrumentId } from '@candlecast/domain';
import { SECOND_MS } from '@candlecast/domain';
import type { BookUpdate } from '../exchange.ts';

interface Watched {
  newest: BookUpdate;
  /** Whether `newest` has been handed out, or equals what was. */
  isDone: boolean;
  sampled: BookUpdate | undefined;
}

/**
 * Keeps the last top of the book of every second of the venue's clock, where it differs from the one before. A sample carries the end
 * of its second, so that nothing in it was known later than it says.
 */
export class BookSampler {
  readonly #watched = new Map<InstrumentId, Watched>();
  #ready: BookSample[] = [];

  /** Takes a top of the book as it comes. */
  take(id: InstrumentId, book: BookUpdate): void {
    const watched = this.#watched.get(id);
    if (!watched) {
      this.#watched.set(id, { newest: book, isDone: false, sampled: undefined });
      return;
    }
    if (secondOf(book.receivedAt) > secondOf(watched.newest.receivedAt)) this.#finish(id, watched);
    watched.newest = book;
    watched.isDone = false;
  }

  /** Forgets an instrument. */
  remove(id: InstrumentId): void {
    this.#watched.delete(id);
  }

  /** Takes out the samples of all seconds that are over at `now`, at least one a second and instrument where something changed. */
  drain(now: EpochMs): BookSample[] {
    for (const [id, watched] of this.#watched) {
      if (!watched.isDone && secondOf(watched.newest.receivedAt) < secondOf(now)) this.#finish(id, watched);
    }
    const samples = this.#ready;
    this.#ready = [];
    return samples;
  }

  #finish(id: InstrumentId, watched: Watched): void {
    const { newest, sampled } = watched;
    if (watched.isDone) return;
    watched.isDone = true;
    if (sampled && isSame(sampled, newest)) return;
    watched.sampled = newest;
    const { bidPrice, bidSize, askPrice, askSize, updateId } = newest;
    const at = ((secondOf(newest.receivedAt) + 1) * SECOND_MS) as EpochMs;
    this.#ready.push({ instrumentId: id, at, updateId, bidPrice, bidSize, askPrice, askSize });
  }
}

function secondOf(time: EpochMs): number {
  return Math.floor(time / SECOND_MS);
}

function isSame(a: BookUpdate, b: BookUpdate): boolean {
  return a.bidPrice === b.bidPrice && a.bidSize === b.bidSize && a.askPrice === b.askPrice && a.askSize === b.askSize;
}
