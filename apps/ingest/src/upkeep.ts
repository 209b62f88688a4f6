import type { Maintenance } from '@candlecast/store';
import type { Logger } from '@candlecast/telemetry';
import type { IngestMetrics } from './health/metrics.ts';
import { repeat } from './pause.ts';

/** What the upkeep is made of. */
export interface UpkeepOptions {
  /** The maintenance of the database; undefined until that has answered. */
  readonly find: () => Pick<Maintenance, 'run'> | undefined;
  readonly metrics: Pick<IngestMetrics, 'maintenanceRuns'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Milliseconds of this machine's time between two runs. */
  readonly everyMs?: number;
}

/** A venue's week passes in ten minutes when its clock runs a thousand times faster. */
const EVERY_MS = 5 * 60_000;

/**
 * Maintains the database now and then until `signal` aborts: retention, and where roll-ups are continuous aggregates their refresh and
 * compression. Of several processes one does it; a failure is logged, counted and tried again with the next turn.
 */
export async function keepUp({ find, metrics, log, signal, everyMs = EVERY_MS }: UpkeepOptions): Promise<void> {
  await repeat(
    () => everyMs,
    signal,
    async () => {
      const maintenance = find();
      if (!maintenance) return;
      try {
        metrics.maintenanceRuns.inc({ outcome: (await maintenance.run()) ? 'done' : 'left to another' });
      } catch (cause) {
        if (signal.aborted) return;
        metrics.maintenanceRuns.inc({ outcome: 'failed' });
        log.warn({ err: cause }, 'maintenance of the database failed, trying again later');
      }
    },
  );
}
