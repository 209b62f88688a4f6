import type { Alert, AlertMemory, AlertState, EpochMs, NewAlertFiring } from '@candlecast/domain';
import type { Reading } from './alert-kind.ts';
import { cross } from './crossing.ts';

/** What made an alert look. */
export interface Occasion {
  /** Names it: the same fires an alert once. */
  readonly source: string;
  /** When it happened, on the venue's clock. */
  readonly at: EpochMs;
  /** The venue's time at which a firing is logged. */
  readonly loggedAt: EpochMs;
}

/** An alert that has looked. */
export interface Evaluated {
  readonly alert: Alert;
  readonly state: AlertState;
  readonly firing: NewAlertFiring | undefined;
  /** Whether there is anything to be written down. */
  readonly hasChanged: boolean;
}

/** Lets an alert look at its values. It fires at most once, for the first that counts; while it keeps quiet it takes note and tells nothing. */
export function evaluate(alert: Alert, readings: readonly Reading[], occasion: Occasion, newId: () => string): Evaluated {
  const { at } = occasion;
  if (readings.length === 0 || isOver(alert, at)) return { alert, state: 'ACTIVE', firing: undefined, hasChanged: false };
  const looked = readings.map((reading) => ({ reading, ...cross(alert.memory?.[reading.name], reading) }));
  const memory: AlertMemory = { ...alert.memory, ...Object.fromEntries(looked.map((one) => [one.reading.name, one.memory])) };
  const isQuiet = alert.lastFiredAt !== null && at - alert.lastFiredAt < alert.cooldownMs;
  const found = isQuiet ? undefined : looked.find(({ crossed }) => crossed !== undefined);
  const hasChanged = found !== undefined || looked.some((one) => !isSame(alert.memory, memory, one.reading.name));
  if (!found?.crossed) return { alert: { ...alert, memory }, state: 'ACTIVE', firing: undefined, hasChanged };
  const { id: alertId, owner, instrumentId, kind, note, once } = alert;
  const told = { crossed: found.crossed, ...found.reading.tell(found.crossed) };
  return {
    alert: { ...alert, memory, lastFiredAt: at },
    state: once ? 'DONE' : 'ACTIVE',
    firing: { id: newId(), alertId, owner, instrumentId, kind, note, ...told, ...occasion },
    hasChanged,
  };
}

/** Tells whether an alert's time is over. */
export function isOver({ expiresAt }: Pick<Alert, 'expiresAt'>, now: EpochMs): boolean {
  return expiresAt !== null && now >= expiresAt;
}

function isSame(before: AlertMemory | null, after: AlertMemory, name: string): boolean {
  return before?.[name]?.side === after[name]?.side && before?.[name]?.isArmed === after[name]?.isArmed;
}
