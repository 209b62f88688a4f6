import type { LogPosition } from '../event.ts';

/** A stretch of time in which one process alone works through the log for one purpose. */
export interface DeskLease {
  /** Grows with every taking, so that a process that stood still is refused. */
  readonly token: number;
  /** How far the log has been worked through; undefined at the very first time. */
  readonly position: LogPosition | undefined;
}

/** Who works through the log for a purpose. Times are the database's. */
export interface LogDesk {
  /** Takes the lease, or keeps it, for `forMs`; undefined while another process has it. */
  takeLease(holder: string, forMs: number): Promise<DeskLease | undefined>;
  /** Gives the lease back at once. */
  dropLease(token: number): Promise<void>;
}
