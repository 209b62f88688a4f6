import type { InstrumentId, KnownGap, KnownMinute, ReplayReader } from '@candlecast/domain';
import type { KnownPage } from './play.ts';
import { comparePlaces, type ReplayPlace } from './replay-cursor.ts';

/** A minute or a change of the gap ledger, as it became known. */
export type KnownEntry = KnownMinute | KnownGap;

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
  const [minutes, gaps] = await Promise.all([replay.findKnownMinutes(query), replay.findKnownGaps(query)]);
  // Beyond the end of a full page the other one must not go: there may be more between.
  const ends = [minutes, gaps].filter(({ length }) => length === PAGE_SIZE).map((page) => page.at(-1) as ReplayPlace);
  const end = ends.sort(comparePlaces)[0];
  const merged = [...minutes, ...gaps].sort(comparePlaces);
  return { entries: end ? merged.filter((entry) => comparePlaces(entry, end) <= 0) : merged, isWhole: end === undefined };
}
