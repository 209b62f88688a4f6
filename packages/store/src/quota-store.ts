import type { QuotaStore } from '@candlecast/domain';
import type { Database } from './database.ts';
import { leasePoints, sweepQuotas } from './sql/quotas.ts';

/** Returns the buckets that all gateway processes on the database share. */
export function createQuotaStore({ sessions }: Pick<Database, 'sessions'>): QuotaStore {
  return {
    lease: (subject, wanted, limit) => leasePoints(sessions, subject, wanted, limit),
    sweep: () => sweepQuotas(sessions),
  };
}
