import { addMs, DAY_MS, type EpochMs } from '@candlecast/domain';
import type { Database } from './database.ts';
import { applyRetention, compressCandles, findVenueSpans, tryExclusively } from './sql/maintenance.ts';
import { refreshRollups } from './sql/refresh.ts';

/** What keeps a database in shape, the same calls on every tier. Each may be ended at any moment and run again. */
export interface Maintenance {
  /** Removes what the table `retention` no longer keeps, counted back from each venue's newest minute. */
  applyRetention(): Promise<void>;
  /** Materialises what continuous aggregates lack; no work on tiers whose roll-ups are written with their minutes. */
  refreshRollups(): Promise<void>;
  /** Compresses minutes that every venue left a week behind; no work on tiers without the columnstore. */
  compress(): Promise<void>;
  /** Does all three, unless another process does so now. Returns whether it was done. */
  run(): Promise<boolean>;
}

/** Minutes older than this are compressed. */
const COMPRESS_AFTER_MS = 7 * DAY_MS;

/** Returns the maintenance of a database. Its statements run as long as they need. */
export function createMaintenance({ sessions, tier }: Pick<Database, 'sessions' | 'tier'>): Maintenance {
  const maintenance: Maintenance = {
    applyRetention: () => applyRetention(sessions),

    async refreshRollups() {
      if (tier !== 'tsl') return;
      for (const { oldest, newest } of await findVenueSpans(sessions)) {
        await refreshRollups(sessions, { from: oldest, to: addMs(newest, 7 * DAY_MS) });
      }
    },

    async compress() {
      if (tier !== 'tsl') return;
      const spans = await findVenueSpans(sessions);
      if (spans.length === 0) return;
      const slowest = Math.min(...spans.map(({ newest }) => newest)) as EpochMs;
      await compressCandles(sessions, addMs(slowest, -COMPRESS_AFTER_MS));
    },

    run: () =>
      tryExclusively(sessions, async () => {
        await maintenance.applyRetention();
        await maintenance.refreshRollups();
        await maintenance.compress();
      }),
  };
  return maintenance;
}
