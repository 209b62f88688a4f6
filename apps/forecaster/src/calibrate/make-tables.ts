import { type CalibrationStore, DAY_MS, type EpochMs, toEpochMs, toScales, type Venue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';

/** What making tables needs of the world. */
export interface TableMaking {
  readonly store: Pick<CalibrationStore, 'findDue' | 'findMatured' | 'saveTable'>;
  readonly logger: Logger;
}

/** Makes what is missing of the venue's day, of what was scored before it began, and returns how many tables it made. Made ones stay as they are. */
export async function makeTables({ store, logger }: TableMaking, venue: Venue, now: EpochMs, signal: AbortSignal): Promise<number> {
  const madeAt = toEpochMs(Math.floor(now / DAY_MS) * DAY_MS);
  let made = 0;
  for (const key of await store.findDue(venue, madeAt)) {
    signal.throwIfAborted();
    const { matured, days } = await store.findMatured(key, madeAt);
    const scales = toScales(matured);
    if (!scales) continue;
    await store.saveTable({ ...key, madeAt, forecasts: matured.length, days, scales });
    made++;
  }
  if (made > 0) logger.info({ made }, 'quantiles were calibrated');
  return made;
}
