import type { EpochMs } from '@candlecast/domain';
import type { ReplayClock } from './replay-clock.ts';

/** A replay of newest values: what has changed is looked at again and again. */
export interface LatestReplay<T> {
  readonly clock: Pick<ReplayClock, 'now'>;
  /** The venue's present time: a replay never passes it. */
  present(): Promise<EpochMs>;
  /** Returns what has changed by `now`, the replay's time, since the last call. */
  take(now: EpochMs): Promise<readonly T[]>;
  /** Milliseconds of this machine's time between two looks. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Plays newest values: of what changes between two looks the newest is sent. Ends when the clock has reached the present. */
export async function* playLatest<T>({ clock, present, take, everyMs, signal, wait }: LatestReplay<T>): AsyncGenerator<T, void, undefined> {
  while (!signal.aborted) {
    const end = await present();
    const time = clock.now();
    for (const value of await take(Math.min(time, end) as EpochMs)) {
      if (signal.aborted) return;
      yield value;
    }
    if (time >= end) return;
    await wait(everyMs, signal);
  }
}
