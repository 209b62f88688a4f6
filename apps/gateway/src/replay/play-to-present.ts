import { addMs, type EpochMs, type LogPosition, toStreamCursor } from '@candlecast/domain';
import { type Play, playKnown } from './play.ts';
import { comparePlaces, LAST_KEY, type ReplayPlace, toReplayCursor } from './replay-cursor.ts';

/** What was on its way into the database when it was looked for is looked for once more before a replay hands over to the present. */
const SWEEP_MS = 60_000;

/** A heartbeat as every resumable subscription carries it. */
export interface ReplayHeartbeat {
  readonly __typename: 'StreamHeartbeat';
  readonly at: EpochMs;
  readonly cursor: string;
}

/** A replay whose events have cursors. What `play` yields stands behind the place of its entry. */
export interface ReplayToPresent<E extends ReplayPlace, T> extends Omit<Play<E, T>, 'heartbeat'> {
  /** Where the live log stands. */
  position(): Promise<LogPosition>;
  /** The last place that was said; heartbeats never fall behind it. */
  reached(): ReplayPlace;
}

/**
 * Plays what became known up to the present, looks once more for what was on its way into the database, and hands over with a heartbeat whose
 * cursor is of the live stream.
 */
export async function* playToPresent<E extends ReplayPlace, T>(
  options: ReplayToPresent<E, T>,
): AsyncGenerator<T | ReplayHeartbeat, void, undefined> {
  const { play, reached, signal } = options;
  const played = new Map<string, EpochMs>();

  async function* playOnce(entry: E): AsyncGenerator<T | ReplayHeartbeat, void, undefined> {
    const name = `${entry.time} ${entry.key}`;
    if (played.has(name) || comparePlaces(entry, options.start) <= 0) return;
    for (const [old, time] of played) {
      if (time >= entry.time - SWEEP_MS) break;
      played.delete(old);
    }
    played.set(name, entry.time);
    yield* play(entry);
  }

  yield* playKnown<E, T | ReplayHeartbeat>({
    ...options,
    play: playOnce,
    heartbeat: (now) => ({
      __typename: 'StreamHeartbeat',
      at: now,
      cursor: toReplayCursor(later(reached(), { time: now, key: LAST_KEY })),
    }),
  });
  if (signal.aborted) return;

  const position = await options.position();
  const end = await options.present();
  for (let place: ReplayPlace = { time: addMs(end, -SWEEP_MS), key: LAST_KEY }; ; ) {
    const page = await options.readPage(place, end);
    for (const entry of page.entries) yield* playOnce(entry);
    const last = page.entries.at(-1);
    if (page.isWhole || !last) break;
    place = last;
  }
  yield { __typename: 'StreamHeartbeat', at: end, cursor: toStreamCursor(position) };
}

function later(a: ReplayPlace, b: ReplayPlace): ReplayPlace {
  return comparePlaces(a, b) > 0 ? a : b;
}
