import type { EpochMs } from '../time.ts';

/** Points that a process took from the shared bucket of a subject for the running window. */
export interface QuotaLease {
  /** How many were given: at most what was wanted, 0 when the window has none left. */
  readonly granted: number;
  /** How many all processes have taken in this window. */
  readonly taken: number;
  /** When the window began. */
  readonly windowStart: EpochMs;
  /** Until the window ends, by the database's clock. */
  readonly resetInMs: number;
}

/** The buckets that all gateway processes share. Windows are whole minutes of the database's clock. */
export interface QuotaStore {
  /** Takes up to `wanted` points for `subject`. All leases of one window together never exceed `limit`. */
  lease(subject: string, wanted: number, limit: number): Promise<QuotaLease>;
  /** Forgets the buckets of subjects that have asked for nothing for an hour. */
  sweep(): Promise<void>;
}
