import type { Alert, AlertFiring, AlertMemory, AlertState, NewAlert } from '../alert.ts';
import type { LogPosition } from '../event.ts';
import type { EpochMs } from '../time.ts';
import type { LogDesk } from './log-desk.ts';

/** Where clients keep their alerts. */
export interface AlertRegister {
  /** Returns the id, or undefined when the owner has `most` already. It looks at what is logged from now on. */
  create(alert: NewAlert, most: number): Promise<string | undefined>;
  /** Removes the alert and its firings; false when none of the owners has it. */
  remove(id: string, owners: readonly string[]): Promise<boolean>;
}

/** What has become of an alert. */
export interface AlertChange {
  readonly alertId: string;
  readonly state: AlertState;
  readonly memory: AlertMemory | null;
  readonly lastFiredAt: EpochMs | null;
}

/** A firing, what fired it (the same fires an alert once), and the venue's time at which it is logged. */
export interface NewAlertFiring extends AlertFiring {
  readonly source: string;
  readonly loggedAt: EpochMs;
}

/** What a pass over the log has come to. */
export interface AlertPass {
  readonly to: LogPosition;
  readonly changes: readonly AlertChange[];
  /** In the order in which they happened; each of an alert among the changes. */
  readonly firings: readonly NewAlertFiring[];
}

/** What the evaluating process works with. */
export interface AlertBook extends LogDesk {
  /** Grows with every alert that is made or removed. */
  countChanges(): Promise<number>;
  /** The ACTIVE ones whose owners are still there: a key that was revoked or has expired, and was not replaced, is told nothing more. */
  findAlerts(): Promise<Alert[]>;
  /**
   * Stores what became of alerts, their firings, and how far the log has been read, and logs the firings, in one transaction. Returns the firings
   * that were new; those of an alert that was removed meanwhile are left out. Throws `lease_lost` when another process has taken over.
   */
  savePass(token: number, pass: AlertPass): Promise<AlertFiring[]>;
  /** Removes firings, and alerts that are over, older than `keepMs`; returns how many firings. */
  removeOld(keepMs: number): Promise<number>;
}
