import type { EpochMs, FeedState, Instrument, InstrumentReader, SeriesState } from '@candlecast/domain';
import type { LatestValues } from '../live/latest-values.ts';
import { type AsOfArgs, toAsOf } from './as-of.ts';
import type { Venues } from './venues.ts';

/** How fresh an instrument's data is, or was. */
export interface Freshness {
  readonly instrument: Instrument;
  readonly feedState: FeedState | null;
  readonly state: SeriesState | null;
  readonly watermark: EpochMs | null;
  readonly lastEventAt: EpochMs | null;
  readonly ingestLagMs: number | null;
  readonly openGaps: number;
  /** The venue's time, or the moment of the past. */
  readonly now: EpochMs;
}

interface Sources {
  readonly instruments: Pick<InstrumentReader, 'findFreshness' | 'findFreshnessAsOf'>;
  readonly latest: LatestValues;
  readonly venues: Venues;
}

/** Returns how fresh each instrument is, in their order: now, or at a moment of the past. */
export async function loadFreshness(
  sources: Sources,
  instruments: readonly Instrument[],
  asOfArgs: AsOfArgs | null | undefined,
): Promise<Freshness[]> {
  const rows = new Map<string, Freshness>();
  for (const venue of new Set(instruments.map((instrument) => instrument.venue))) {
    const some = instruments.filter((instrument) => instrument.venue === venue);
    for (const row of await ofVenue(sources, some, await sources.venues.now(venue), asOfArgs)) rows.set(row.instrument.id, row);
  }
  return instruments.flatMap(({ id }) => rows.get(id) ?? []);
}

async function ofVenue(
  { instruments: reader, latest }: Sources,
  instruments: readonly Instrument[],
  now: EpochMs,
  asOfArgs: AsOfArgs | null | undefined,
): Promise<Freshness[]> {
  const asOf = toAsOf(asOfArgs, now);
  const ids = instruments.map(({ id }) => id);
  const found = asOf ? await reader.findFreshnessAsOf(ids, asOf) : await reader.findFreshness(ids);
  const byId = new Map(found.map((row) => [row.instrumentId, row]));
  return instruments.map((instrument) => {
    const row = byId.get(instrument.id);
    const lastKnownAt = row?.lastKnownAt ?? null;
    const openGaps = row?.openGaps ?? 0;
    if (asOf) {
      const watermark = row?.watermark ?? null;
      return { instrument, feedState: null, state: null, watermark, lastEventAt: lastKnownAt, ingestLagMs: null, openGaps, now: asOf.at };
    }
    const open = latest.find('candle.open', instrument.id);
    return {
      instrument,
      feedState: latest.find('feed.status', instrument.venue)?.state ?? null,
      state: instrument.state,
      watermark: row?.watermark ?? instrument.watermark,
      lastEventAt: open && (lastKnownAt === null || lastKnownAt <= open.receivedAt) ? open.receivedAt : lastKnownAt,
      ingestLagMs: open ? open.receivedAt - open.exchangeTime : null,
      openGaps,
      now,
    };
  });
}
