import {
  addMs,
  type EpochMs,
  floorToInterval,
  type Gap,
  type Instrument,
  type InstrumentId,
  MINUTE_MS,
  planGaps,
  SECOND_MS,
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
const BEGINNING = 0 as EpochMs;

/** Plans the growing end of a series from what is stored; a new series starts to be live at `now`, the exchange's time. */
export async function prepareSeries(store: IngestStore, instrument: Instrument, now: EpochMs): Promise<Prepared> {
  const { id, watermark } = instrument;
  const liveSince = instrument.liveSince ?? floorToInterval(addMs(now, -SETTLED_MS), '1m');
  if (instrument.liveSince === null) await store.candleWriter.startLive(id, liveSince);
  const from = watermark === null ? liveSince : addMs(watermark, MINUTE_MS);
  const to = Math.max(floorToInterval(now, '1m'), from) as EpochMs;
  const gaps = await store.candles.findGaps(id, { from: BEGINNING, to });
  const present = await store.candles.findOpenTimes(id, { from, to });
  return {
    tail: new Tail(liveSince, planTail(present, from, to, gaps), TAIL_CAPACITY),
    liveSince,
    pending: gaps.filter((gap) => gap.reason === 'PENDING' && gap.resolvedAt === null),
  };
}

/** Returns the minutes of a range that are neither stored nor recorded as a gap, oldest first. */
export async function findMissing(store: IngestStore, id: InstrumentId, range: TimeRange): Promise<TimeRange[]> {
  const [present, gaps] = await Promise.all([store.candles.findOpenTimes(id, range), store.candles.findGaps(id, range)]);
  return planGaps(present, range, MINUTE_MS, gaps);
}
