import type { EpochMs } from '@candlecast/domain';
import type { Stream, StreamKind } from './stream-names.ts';

/**
 * Silence, in milliseconds of the exchange's time, after which a stream is looked at. Candles come every 2 s while there are
 * trades; the top of the book whenever it changes.
 */
const SILENCE_MS: Record<StreamKind, number> = { kline_1m: 10_000, bookTicker: 60_000, aggTrade: 10_000 };
/** A stream of which events usually come so much further apart is allowed more: so many times its usual distance, up to a limit. */
const USUAL_DISTANCES = 5;
const LONGEST_ALLOWANCE = 6;
/** How much the newest distance counts among those before it. */
const DISTANCE_WEIGHT = 0.1;
/** A stream that was silent for good reason is asked about again after this, and after twice as long each time that the answer is the same. */
const RECHECK_MS = 30_000;
const LONGEST_RECHECK_MS = 300_000;

interface Watched {
  readonly stream: Stream;
  heardAt: number;
  /** Whether data came since the stream runs. */
  hasData: boolean;
  /** Mean distance of its events in milliseconds; 0 before two of them came. */
  usualMs: number;
  /** How often in a row its silence was found to be right. */
  quietAnswers: number;
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
        hasData: false,
        usualMs: 0,
        quietAnswers: 0,
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
    const distanceMs = at - watched.heardAt;
    if (watched.hasData) watched.usualMs += (distanceMs - watched.usualMs) * (watched.usualMs === 0 ? 1 : DISTANCE_WEIGHT);
    watched.hasData = true;
    watched.quietAnswers = 0;
    this.#reset(watched, at);
  }

  /** These streams start to run: silence counts from here. */
  started(names: readonly string[], at: EpochMs): void {
    for (const name of names) this.#restart(name, at);
  }

  /** These streams do not run: their silence means nothing. */
  paused(names: readonly string[]): void {
    for (const name of names) this.#restart(name, Number.POSITIVE_INFINITY);
  }

  /** Streams that have been silent for too long. */
  silent(now: EpochMs): Stream[] {
    return [...this.#watched.values()].filter((watched) => this.#isSilent(watched, now)).map(({ stream }) => stream);
  }

  /** Silent streams about which the exchange should be asked now: those that are usually the liveliest come first. */
  suspicious(now: EpochMs): Stream[] {
    return [...this.#watched.values()]
      .filter((watched) => this.#isSilent(watched, now) && watched.behindSince === undefined && now >= watched.checkAgainAt)
      .sort((a, b) => this.#allowanceMs(a) - this.#allowanceMs(b) || a.heardAt - b.heardAt)
      .map(({ stream }) => stream);
  }

  /** Takes the exchange's answer about a silent stream that was asked at `askedAt`. */
  judge(name: string, isBehind: boolean, askedAt: EpochMs): void {
    const watched = this.#watched.get(name);
    if (!watched || watched.heardAt > askedAt) return;
    watched.checkAgainAt = askedAt + Math.max(Math.min(RECHECK_MS * 2 ** watched.quietAnswers, LONGEST_RECHECK_MS), this.#floorMs);
    if (isBehind) watched.behindSince ??= askedAt;
    else watched.quietAnswers += 1;
  }

  /** Streams that stayed silent for another fifth of their allowance after the exchange was seen to have newer data. */
  stalled(now: EpochMs): Stream[] {
    return [...this.#watched.values()]
      .filter(({ stream, behindSince }) => behindSince !== undefined && now - behindSince >= this.#leastMs(stream) / 5)
      .map(({ stream }) => stream);
  }

  #restart(name: string, at: number): void {
    const watched = this.#watched.get(name);
    if (!watched) return;
    watched.hasData = false;
    this.#reset(watched, at);
  }

  #reset(watched: Watched, at: number): void {
    watched.heardAt = at;
    watched.behindSince = undefined;
  }

  #isSilent(watched: Watched, now: EpochMs): boolean {
    return now - watched.heardAt >= this.#allowanceMs(watched);
  }

  #allowanceMs({ stream, usualMs }: Watched): number {
    const leastMs = this.#leastMs(stream);
    return Math.min(Math.max(leastMs, USUAL_DISTANCES * usualMs), LONGEST_ALLOWANCE * leastMs);
  }

  #leastMs(stream: Stream): number {
    return Math.max(SILENCE_MS[stream.kind], this.#floorMs);
  }
}
