import { addMs, type EpochMs } from '@candlecast/domain';
import type { ReplayClock } from './replay-clock.ts';
import { LAST_KEY, type ReplayPlace } from './replay-cursor.ts';

/** A page of what became known after a place, in order. `isWhole`: there is no more up to the time asked for. */
export interface KnownPage<E> {
  readonly entries: readonly E[];
  readonly isWhole: boolean;
}

/** A replay: what it reads, what it makes of that, and how it waits. */
export interface Play<E extends ReplayPlace, T> {
  readonly clock: ReplayClock;
  /** The venue's present time: a replay never passes it. */
  present(): Promise<EpochMs>;
  /** Where to begin: everything after it is played. */
  readonly start: ReplayPlace;
  readPage(after: ReplayPlace, until: EpochMs): Promise<KnownPage<E>>;
  /** How far ahead of its clock it reads, and how much at a time where it is behind, in the replay's milliseconds. */
  readonly aheadMs: number;
  /** Called for each entry when its time has come; what it yields is sent. */
  play(entry: E): AsyncIterable<T> | Iterable<T>;
  /** Newest values that have changed, looked at every `updateMs` of this machine's time; absent when there are none. */
  readonly updates?: { readonly updateMs: number; take(now: EpochMs): Promise<readonly T[]> };
  /** Sent at the beginning of live play and after `heartbeatMs` of silence; `now` is the replay's time, up to which everything was sent. */
  heartbeat(now: EpochMs): T;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
  /** This machine's steady time, in milliseconds. */
  elapsed(): number;
  /** Waits for so many milliseconds of it, or for the end. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** What is this young may still be on its way into the database: it is read when its time has come, not ahead. */
const SETTLE_MS = 600_000;
/** The present moves on while a replay waits for it. */
const MOST_WAIT_MS = 1_000;

/**
 * Plays what became known, each at its time and in order, at the reader's pace: a reader that is slow is behind the clock and misses nothing. Holds
 * one page. Ends when the clock has reached the present and everything up to it was played.
 */
export async function* playKnown<E extends ReplayPlace, T>(options: Play<E, T>): AsyncGenerator<T, void, undefined> {
  const { clock, signal, updates, elapsed } = options;
  let place = options.start;
  let ahead: readonly E[] = [];
  let isWhole = false;
  let readUntil = options.start.time;
  let beatAt: number | undefined;
  let updateAt = 0;

  async function fill(until: EpochMs): Promise<void> {
    const page = await options.readPage(place, until);
    ahead = page.entries;
    isWhole = page.isWhole;
    readUntil = isWhole ? until : readUntil;
    place = isWhole ? { time: until, key: LAST_KEY } : (page.entries.at(-1) ?? place);
  }

  while (!signal.aborted) {
    const present = await options.present();
    const time = clock.now();
    const now = Math.min(time, present) as EpochMs;
    const hasCaughtUp = time >= present;
    for (;;) {
      const due = ahead.findIndex(({ time }) => time > now);
      const entries = due < 0 ? ahead : ahead.slice(0, due);
      ahead = due < 0 ? [] : ahead.slice(due);
      for (const entry of entries) {
        for await (const event of options.play(entry)) {
          if (signal.aborted) return;
          yield event;
          beatAt = beatAt === undefined ? undefined : elapsed() + options.heartbeatMs;
        }
      }
      if (ahead.length > 0 || (isWhole && readUntil >= now)) break;
      const wanted = Math.max(now, Math.min(now + options.aheadMs, present - SETTLE_MS));
      await fill(Math.max(place.time, Math.min(wanted, place.time + options.aheadMs)) as EpochMs);
      if (signal.aborted) return;
    }
    if (updates && elapsed() >= updateAt) {
      yield* await updates.take(now);
      updateAt = elapsed() + updates.updateMs;
    }
    if (beatAt === undefined || elapsed() >= beatAt) {
      yield options.heartbeat(now);
      beatAt = elapsed() + options.heartbeatMs;
    }
    if (hasCaughtUp) return;
    const next = ahead[0]?.time ?? readUntil;
    const untilNext = Math.max(1, clock.wallMsUntil(addMs(next, ahead.length > 0 ? 0 : 1)));
    const untilUpdate = updates ? updates.updateMs : MOST_WAIT_MS;
    await options.wait(Math.min(untilNext, untilUpdate, MOST_WAIT_MS), signal);
  }
}
