import type { Clock, EpochMs, Instrument, InstrumentReader, SeriesState, Venue } from '@candlecast/domain';
import { pause } from '../pause.ts';

/** How often to look, and how long live series wait for those that are still being filled. Milliseconds of this machine's time. */
export interface HistoryWait {
  readonly pollMs: number;
  readonly patienceMs: number;
}

/**
 * Waits until the venue's series are live and returns those that are. Once the first is live, the others have `patienceMs` to follow:
 * one that hangs does not keep the rest from learning. Where none is live and none will be (a recording is over), those that are paused
 * serve. Returns none when `signal` aborts.
 */
export async function findLiveSeries(
  instruments: Pick<InstrumentReader, 'findInstruments'>,
  venue: Venue,
  { pollMs, patienceMs }: HistoryWait,
  clock: Clock,
  signal: AbortSignal,
): Promise<Instrument[]> {
  let firstLiveAt: EpochMs | undefined;
  while (!signal.aborted) {
    const found = await instruments.findInstruments(venue);
    const inState = (wanted: SeriesState) => found.filter(({ state, watermark }) => state === wanted && watermark !== null);
    const live = inState('LIVE');
    const isPending = found.some(({ state }) => state === 'REQUESTED' || state === 'BACKFILLING');
    if (live.length === 0 && !isPending && inState('PAUSED').length > 0) return inState('PAUSED');
    if (live.length > 0) firstLiveAt ??= clock.now();
    if (firstLiveAt !== undefined && (!isPending || clock.now() - firstLiveAt >= patienceMs)) return live;
    await pause(pollMs, signal);
  }
  return [];
}
