import type { Clock, EpochMs, Instrument, InstrumentReader, Venue } from '@candlecast/domain';
import { pause } from '../pause.ts';

/** How often to look, and how long live series wait for those that are still being filled. Milliseconds of this machine's time. */
export interface HistoryWait {
  readonly pollMs: number;
  readonly patienceMs: number;
}

/**
 * Waits until the venue's series are live and returns those that are. Once the first is live, the others have `patienceMs` to follow:
 * one that hangs does not keep the rest from learning. Returns none when `signal` aborts.
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
    const live = found.filter(({ state, watermark }) => state === 'LIVE' && watermark !== null);
    const isPending = found.some(({ state }) => state === 'REQUESTED' || state === 'BACKFILLING');
    if (live.length > 0) firstLiveAt ??= clock.now();
    if (firstLiveAt !== undefined && (!isPending || clock.now() - firstLiveAt >= patienceMs)) return live;
    await pause(pollMs, signal);
  }
  return [];
}
