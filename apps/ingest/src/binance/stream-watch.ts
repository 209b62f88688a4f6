import type { EpochMs } from '@candlecast/domain';
import type { Stream, StreamKind } from './stream-names.ts';

/**
 * Silence, in milliseconds of the exchange's time, after which a stream is looked at. Candles come every 2 s while there are
 * trades; the top of the book whenever it changes.
 */
const SILENCE_MS: Record<StreamKind, number> = { kline_1m: 10_000, bookTicker: 60_000 };
/** A stream that was silent for good reason is asked about again after this. */
const RECHECK_MS = 30_000;

interface Watched {
  readonly stream: Stream;
  heardAt: number;
  checkAgainAt: number;
  /** Since when the exchange is known to have newer data. */
  behindSince: number | undefined;
}

/** Remembers when each stream was last heard. All times are the exchange's; `floorMs` keeps a fast clock from seeing silence in mere delays. */
export class StreamWatch {
  readonly #watched = new Map<string, Watched>();
  readonly #floorMs: number;

  constructor(floorMs: number) {
    this.#floorMs = floorMs;
  }

  /** Takes streams in; they do not run yet. */
  add(streams: readonly Stream[]): void {
    for (const stream of streams) {
      this.#watched.set(stream.name, {
        stream,
        heardAt: Number.POSITIVE_INFINITY,
        checkAgainAt: Number.NEGATIVE_INFINITY,
        behindSince: undefined,
      });
    }
  }

  /** Forgets streams. */
  remove(names: readonly string[]): void {
    for (const name of names) this.#watched.delete(name);
  }

  /** The stream brought something new. */
  heard(name: string, at: EpochMs): void {
    const watched = this.#watched.get(name);
    if (!watched) return;
    watched.heardAt = at;
    watched.behindSince = undefined;
  }

  /** These streams start to run: silence counts from here. */
  started(names: readonly string[], at: EpochMs): void {
    for (const name of names) this.heard(name, at);
  }

  /** These streams do not run: their silence means nothing. */
  paused(names: readonly string[]): void {
    for (const name of names) this.heard(name, Number.POSITIVE_INFINITY as EpochMs);
  }

  /** Streams that have been silent for too long. */
  silent(now: EpochMs): Stream[] {
    return [...this.#watched.values()].filter((watched) => this.#isSilent(watched, now)).map(({ stream }) => stream);
  }

  /** Silent streams about which the exchange should be asked now. */
  suspicious(now: EpochMs): Stream[] {
    return [...this.#watched.values()]
      .filter((watched) => this.#isSilent(watched, now) && watched.behindSince === undefined && now >= watched.checkAgainAt)
      .map(({ stream }) => stream);
  }

  /** Takes the exchange's answer about a silent stream that was asked at `askedAt`. */
  judge(name: string, isBehind: boolean, askedAt: EpochMs): void {
    const watched = this.#watched.get(name);
    if (!watched || watched.heardAt > askedAt) return;
    watched.checkAgainAt = askedAt + Math.max(RECHECK_MS, this.#floorMs);
    if (isBehind) watched.behindSince ??= askedAt;
  }

  /** Streams that stayed silent for another fifth of their allowance after the exchange was seen to have newer data. */
  stalled(now: EpochMs): Stream[] {
    return [...this.#watched.values()]
      .filter(({ stream, behindSince }) => behindSince !== undefined && now - behindSince >= this.#allowanceMs(stream) / 5)
      .map(({ stream }) => stream);
  }

  #isSilent({ stream, heardAt }: Watched, now: EpochMs): boolean {
    return now - heardAt >= this.#allowanceMs(stream);
  }

  #allowanceMs(stream: Stream): number {
    return Math.max(SILENCE_MS[stream.kind], this.#floorMs);
  }
}
