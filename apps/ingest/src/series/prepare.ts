import {
  addMs,
  type CandleReader,
  type EpochMs,
  floorToInterval,
  type Gap,
  type InstrumentId,
  MINUTE_MS,
  planGaps,
  SECOND_MS,
  splitInstrumentId,
  type TimeRange,
} from '@candlecast/domain';
import type { IngestStore } from '../write/patient-store.ts';
import { planTail } from './plan-tail.ts';
import { Tail } from './tail.ts';

/** Where a series goes on. */
export interface Prepared {
  readonly tail: Tail;
  readonly liveSince: EpochMs;
  /** Holes that nobody has filled or confirmed yet. */
  readonly pending: readonly Gap[];
}

/** A first live candle opens in a minute that every answer of the exchange agrees about: what is before it is closed history. */
const SETTLED_MS = 5 * SECOND_MS;
/** Closed candles that a series holds while an older one is missing; more would only cost memory, they can be requested. */
const TAIL_CAPACITY = 2_000;

/** Plans the growing ends of many series of one venue from what is stored; new ones start to be live at `now`, the exchange's time. */
export async function prepareAll(store: IngestStore, ids: readonly InstrumentId[], now: EpochMs): Promise<Map<InstrumentId, Prepared>> {
  const wanted = new Set(ids);
  const [first] = ids;
  const stored = first === undefined ? [] : await store.instruments.findInstruments(splitInstrumentId(first).venue);
  const instruments = stored.filter(({ id }) => wanted.has(id));
  const since = floorToInterval(addMs(now, -SETTLED_MS), '1m');
  const fresh = instruments.filter(({ liveSince }) => liveSince === null).map(({ id }) => id);
  if (fresh.length > 0) await store.candleWriter.startLiveAll(fresh, since);
  const starts = instruments.map(({ id, watermark, liveSince }) => ({
    instrumentId: id,
    from: watermark === null ? (liveSince ?? since) : addMs(watermark, MINUTE_MS),
    liveSince: liveSince ?? since,
  }));
  const to = floorToInterval(now, '1m');
  const ends = await store.candles.findEnds(starts, to);
  return new Map(
    starts.map(({ instrumentId, from, liveSince }) => {
      const { openTimes, gaps } = ends.get(instrumentId) ?? { openTimes: [], gaps: [] };
      const next = planTail(openTimes, from, Math.max(to, from) as EpochMs, gaps);
      const pending = gaps.filter((gap) => gap.reason === 'PENDING' && gap.resolvedAt === null);
      return [instrumentId, { tail: new Tail(liveSince, next, TAIL_CAPACITY), liveSince, pending }];
    }),
  );
}

/** Returns the minutes of a range that are neither stored nor recorded as a gap, oldest first. */
export async function findMissing(
  store: { readonly candles: Pick<CandleReader, 'findOpenTimes' | 'findGaps'> },
  id: InstrumentId,
  range: TimeRange,
): Promise<TimeRange[]> {
  const [present, gaps] = await Promise.all([store.candles.findOpenTimes(id, range), store.candles.findGaps(id, range)]);
  return planGaps(present, range, MINUTE_MS, gaps);
}
