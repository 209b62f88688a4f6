import type { Decimal } from './decimal.ts';
import type { LogPosition } from './event.ts';
import type { InstrumentId } from './instrument.ts';
import type { EpochMs } from './time.ts';

/** Where an alert stands: it is looked after, it has fired and was to fire once, or its time is over. */
export const ALERT_STATES = ['ACTIVE', 'DONE', 'EXPIRED'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** Which way something went through a level, or what of it counts. */
export const ALERT_DIRECTIONS = ['UP', 'DOWN', 'EITHER'] as const;
export type AlertDirection = (typeof ALERT_DIRECTIONS)[number];

/** Which way something went. */
export type Crossed = Exclude<AlertDirection, 'EITHER'>;

/** What the kind of an alert asks for, such as a level; plain JSON. */
export type AlertRule = Readonly<Record<string, string | number | boolean | null>>;

/** What is remembered of a value that an alert looks at: where it was last, and whether it has gone back far enough to fire again. */
export interface CrossingMemory {
  readonly side: 'ABOVE' | 'BELOW';
  readonly isArmed: boolean;
}

/** What is remembered of an alert, by the name of the value. */
export type AlertMemory = Readonly<Record<string, CrossingMemory>>;

/** What its owner is told when it happens. */
export interface Alert {
  readonly id: string;
  /** "key:<id>" or "workspace:<id>". */
  readonly owner: string;
  readonly instrumentId: InstrumentId;
  /** Name of its kind, such as "PRICE_LEVEL". */
  readonly kind: string;
  readonly rule: AlertRule;
  readonly note: string | null;
  /** It fires once and is then DONE. */
  readonly once: boolean;
  /** How long it keeps quiet after it has fired, of the venue's time. */
  readonly cooldownMs: number;
  /** From then on it fires no more, on the venue's clock. */
  readonly expiresAt: EpochMs | null;
  /** It looks at what is logged after this. */
  readonly createdAfter: LogPosition;
  /** Null until it has seen its value for the first time. */
  readonly memory: AlertMemory | null;
  readonly lastFiredAt: EpochMs | null;
}

/** An alert as it is asked for. */
export type NewAlert = Pick<Alert, 'owner' | 'instrumentId' | 'kind' | 'rule' | 'note' | 'once' | 'cooldownMs' | 'expiresAt'>;

/** That an alert has fired: what went through what, and when on the venue's clock. */
export interface AlertFiring {
  readonly id: string;
  readonly alertId: string;
  readonly owner: string;
  readonly instrumentId: InstrumentId;
  readonly kind: string;
  readonly note: string | null;
  readonly at: EpochMs;
  readonly crossed: Crossed;
  readonly value: Decimal;
  readonly level: Decimal;
  /** The same in a sentence. */
  readonly reason: string;
}

/** The key of an owner's firings in the log. No instrument has a name of this form. */
export function alertKey(owner: string): string {
  return `alerts/${owner}`;
}
