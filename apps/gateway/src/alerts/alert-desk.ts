import {
  type AlertRegister,
  type AlertRule,
  AppError,
  DAY_MS,
  type EpochMs,
  type InstrumentId,
  splitInstrumentId,
} from '@candlecast/domain';
import type { Venues } from '../market/venues.ts';
import type { AlertKind } from './alert-kind.ts';

/** What a new alert is to be. The fields of `rule` have the types that its kind says. */
export interface AlertWish {
  /** A tracked one. */
  readonly instrumentId: InstrumentId;
  readonly kind: AlertKind;
  readonly rule: AlertRule;
  readonly note: string | null;
  readonly once: boolean;
  readonly cooldownMs: number;
  /** On the venue's clock. */
  readonly expiresAt: EpochMs | null;
}

/** Where clients have their alerts. */
export interface AlertDesk {
  /** Returns the id. Rejects with BAD_USER_INPUT, or QUOTA_EXCEEDED when the owner has too many. */
  create(owner: string, wish: AlertWish): Promise<string>;
  /** Rejects with NOT_FOUND. */
  remove(owners: readonly string[], id: string): Promise<void>;
}

/** Alerts of one owner. */
export const MOST_ALERTS = 50;
/** Letters of a note. */
export const LONGEST_NOTE = 200;
/** The longest that an alert may keep quiet. */
export const LONGEST_COOLDOWN_MS = 7 * DAY_MS;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the desk over the register. */
export function createAlertDesk({ register, venues }: { register: AlertRegister; venues: Pick<Venues, 'now'> }): AlertDesk {
  return {
    async create(owner, { kind, ...wish }) {
      const { instrumentId, note, cooldownMs, expiresAt } = wish;
      const fault = kind.findFault(wish.rule);
      if (fault !== undefined) throw new AppError('BAD_USER_INPUT', fault);
      if (note !== null && note.length > LONGEST_NOTE) {
        throw new AppError('BAD_USER_INPUT', `note has ${note.length} letters, at most ${LONGEST_NOTE} are allowed`);
      }
      if (cooldownMs < 0 || cooldownMs > LONGEST_COOLDOWN_MS) {
        throw new AppError('BAD_USER_INPUT', `cooldownMs is ${cooldownMs}, it must be 0 to ${LONGEST_COOLDOWN_MS}`);
      }
      const now = await venues.now(splitInstrumentId(instrumentId).venue);
      if (expiresAt !== null && expiresAt <= now) {
        throw new AppError('BAD_USER_INPUT', 'expiresAt is not after the present of the venue: the alert would never fire');
      }
      const id = await register.create({ owner, ...wish, kind: kind.name }, MOST_ALERTS);
      if (id === undefined) throw new AppError('QUOTA_EXCEEDED', `there are ${MOST_ALERTS} alerts already: delete one`);
      return id;
    },
    async remove(owners, id) {
      const isGone = ID.test(id) && (await register.remove(id, owners));
      if (!isGone) throw new AppError('NOT_FOUND', `alert "${id.slice(0, 60)}" is not there`);
    },
  };
}
