import type {
  Horizon,
  InstrumentId,
  KnownForecast,
  KnownGap,
  KnownHindcast,
  KnownMinute,
  KnownResolution,
  ReplayReader,
} from '@candlecast/domain';
import type { KnownPage } from './play.ts';
import { comparePlaces, type ReplayPlace } from './replay-cursor.ts';

/** A minute or a change of the gap ledger, as it became known. */
export type KnownEntry = KnownMinute | KnownGap;
/** A forecast, what came of one, a hindcast, or a change of the gap ledger, as it became known. */
export type KnownForecastEntry = KnownForecast | KnownResolution | KnownHindcast | KnownGap;

const PAGE_SIZE = 2_000;

/** Tells minutes from gaps. */
export function isMinute(entry: KnownEntry): entry is KnownMinute {
  return 'candle' in entry;
}

/** Reads the next minutes and gaps of several instruments after a place, merged in order. */
export async function readKnown(
  replay: Pick<ReplayReader, 'findKnownMinutes' | 'findKnownGaps'>,
  instrumentIds: readonly InstrumentId[],
  after: ReplayPlace,
  until: ReplayPlace['time'],
): Promise<KnownPage<KnownEntry>> {
  const query = { instrumentIds, after, until, limit: PAGE_SIZE };
  return merge<KnownEntry>(await Promise.all([replay.findKnownMinutes(query), replay.findKnownGaps(query)]));
}

/** Reads the next forecasts, outcomes, hindcasts and gaps of several instruments after a place, merged in order. */
export async function readKnownForecasts(
  replay: Pick<ReplayReader, 'findKnownForecasts' | 'findKnownResolutions' | 'findKnownHindcasts' | 'findKnownGaps'>,
  { instrumentIds, horizons }: { readonly instrumentIds: readonly InstrumentId[]; readonly horizons: readonly Horizon[] },
  after: ReplayPlace,
  until: ReplayPlace['time'],
): Promise<KnownPage<KnownForecastEntry>> {
  const query = { instrumentIds, horizons, after, until, limit: PAGE_SIZE };
  const issued = [replay.findKnownForecasts(query), replay.findKnownResolutions(query)] as const;
  return merge<KnownForecastEntry>(await Promise.all([...issued, replay.findKnownHindcasts(query), replay.findKnownGaps(query)]));
}

/** Merges pages that were read up to the same time. */
function merge<E extends ReplayPlace>(pages: readonly (readonly E[])[]): KnownPage<E> {
  // Beyond the end of a full page the others must not go: there may be more between.
  const ends = pages.filter(({ length }) => length === PAGE_SIZE).map((page) => page.at(-1) as ReplayPlace);
  const end = ends.sort(comparePlaces)[0];
  const merged = pages.flat().sort(comparePlaces);
  return { entries: end ? merged.filter((entry) => comparePlaces(entry, end) <= 0) : merged, isWhole: end === undefined };
}
