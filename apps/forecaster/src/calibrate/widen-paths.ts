import {
  addMs,
  type CandleReader,
  DAY_MS,
  type EpochMs,
  HOUR_MS,
  type InstrumentId,
  reachOf,
  toWideningFactors,
  type Venue,
  WIDENING_RULE,
  type WideningStore,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { toFeature } from '../features/to-feature.ts';

/** What widening paths needs of the world. */
export interface WideningPorts {
  readonly store: WideningStore;
  readonly candles: Pick<CandleReader, 'findCandles'>;
  readonly logger: Logger;
}

/** Measures what is missing of the venue's day, on paths that were over before it began, and returns how many widenings it stored. */
export async function widenPaths(
  { store, candles, logger }: WideningPorts,
  venue: Venue,
  now: EpochMs,
  signal: AbortSignal,
): Promise<number> {
  const madeAt = addMs(now, -(now % DAY_MS));
  let made = 0;
  for (const key of await store.findDuePaths(venue, madeAt)) {
    signal.throwIfAborted();
    const spoken = await store.findSpokenPaths(key, madeAt);
    const logCloses = await findLogCloses(candles, key.instrumentId, madeAt);
    const reaches = spoken.map(({ asOf, knots }) => reachOf(knots, toPath(logCloses, asOf))).filter(Number.isFinite);
    const factors = toWideningFactors(reaches);
    if (!factors) continue;
    await store.saveWidening({ ...key, madeAt, paths: reaches.length, factors });
    made++;
  }
  if (made > 0) logger.info({ made }, 'paths were widened');
  return made;
}

/** Logarithms of the hourly closes of the rule's window, by when they were. */
async function findLogCloses(
  candles: WideningPorts['candles'],
  instrumentId: InstrumentId,
  to: EpochMs,
): Promise<ReadonlyMap<number, number>> {
  const hours = (WIDENING_RULE.windowDays * DAY_MS) / HOUR_MS + 1;
  const range = { from: addMs(to, -hours * HOUR_MS), to };
  const found = await candles.findCandles({ instrumentId, interval: '1h', range, limit: hours, take: 'newest' });
  return new Map(found.map(({ openTime, close }) => [openTime + HOUR_MS, Math.log(toFeature(close))]));
}

/** What came of an origin, hour by hour; not a number where a close is missing. */
function toPath(logCloses: ReadonlyMap<number, number>, asOf: EpochMs): number[] {
  const start = logCloses.get(asOf) ?? Number.NaN;
  return Array.from({ length: WIDENING_RULE.hours }, (_, hour) => (logCloses.get(asOf + (hour + 1) * HOUR_MS) ?? Number.NaN) - start);
}
