import type { EpochMs } from '@candlecast/domain';
import { RestError } from './rest-error.ts';

export const WEIGHT_PER_MINUTE = 6_000;

const MINUTE = 60_000;
/** So many refused requests in a row, and the address is banned. */
const PATIENCE = 20;
const FIRST_BAN_MS = 2 * MINUTE;
const LONGEST_BAN_MS = 3 * 24 * 60 * MINUTE;

interface Account {
  minute: number;
  used: number;
  refused: number;
  bans: number;
  bannedUntil: number;
}

/**
 * The weight that each address has used in the current minute of this machine's clock. Over the limit requests are refused (429, then
 * 418 until the ban is over); a longer ban follows on each.
 */
export class WeightLimit {
  readonly #accounts = new Map<string, Account>();
  readonly #weightPerMinute: number;

  constructor(weightPerMinute: number) {
    this.#weightPerMinute = weightPerMinute;
  }

  /** Throws the refusal of an address that is banned. */
  refuseBanned(address: string, wallNow: EpochMs): void {
    const { bannedUntil } = this.#accountOf(address, wallNow);
    if (wallNow < bannedUntil) throw banned(bannedUntil, wallNow);
  }

  /** Books `weight` and returns what the address has used. Throws the refusal when that is too much. */
  spend(address: string, weight: number, wallNow: EpochMs): number {
    const account = this.#accountOf(address, wallNow);
    account.used += weight;
    if (account.used <= this.#weightPerMinute) return account.used;
    account.refused++;
    if (account.refused > PATIENCE) {
      account.bannedUntil = wallNow + Math.min(LONGEST_BAN_MS, FIRST_BAN_MS * 4 ** account.bans);
      account.bans++;
      account.refused = 0;
      throw banned(account.bannedUntil, wallNow);
    }
    throw tooMuchWeight(MINUTE - (wallNow % MINUTE), this.#weightPerMinute);
  }

  /** Returns what the address has used in this minute. */
  used(address: string, wallNow: EpochMs): number {
    return this.#accountOf(address, wallNow).used;
  }

  #accountOf(address: string, wallNow: EpochMs): Account {
    const minute = Math.floor(wallNow / MINUTE);
    const account = this.#accounts.get(address) ?? { minute, used: 0, refused: 0, bans: 0, bannedUntil: 0 };
    if (account.minute !== minute) Object.assign(account, { minute, used: 0, refused: 0 });
    this.#accounts.set(address, account);
    return account;
  }
}

/** The refusal of an address that is over its limit for `waitMs` more. */
export function tooMuchWeight(waitMs: number, limit = WEIGHT_PER_MINUTE): RestError {
  const message = `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`;
  return new RestError(429, -1003, message, { 'Retry-After': seconds(waitMs) });
}

/** The refusal of an address that is banned until `until`, in milliseconds of this machine's clock. */
export function banned(until: number, wallNow: number): RestError {
  const message = `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`;
  return new RestError(418, -1003, message, { 'Retry-After': seconds(until - wallNow) });
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1_000)));
}
