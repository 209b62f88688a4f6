import type { ExchangeClock } from '../exchange.ts';
import { Limiter } from './limiter.ts';

/** What all connections to the exchange's streams share. */
export interface LinkGates {
  /** Lets connection attempts through as often as the exchange allows them to an address. */
  readonly connect: Limiter;
  /** Lets one replacement of a running connection be opened after the other. */
  readonly renew: Limiter;
}

/**
 * The exchange allows 300 attempts in five minutes per address. A bucket that holds 90 and gains one every 1.5 s never lets more
 * than 290 through in any five minutes.
 */
const CONNECT_BURST = 90;
const CONNECT_EVERY_MS = 1_500;
/** The exchange cuts a connection after 24 hours of its time. Connections are renewed at different moments. */
const LINK_LIFE_MS = 23 * 3_600_000;
const LINK_LIFE_JITTER_MS = 1_800_000;

/** Returns gates for one address. */
export function createLinkGates(): LinkGates {
  return {
    connect: new Limiter({
      reservoir: CONNECT_BURST,
      refill: { amount: 1, everyMs: CONNECT_EVERY_MS, maximum: CONNECT_BURST },
    }),
    renew: new Limiter({ maxConcurrent: 1 }),
  };
}

/** Returns how many milliseconds of this machine's time a connection may live before it is replaced. */
export function linkLifeMs(clock: Pick<ExchangeClock, 'toWallMs'>): number {
  return clock.toWallMs(LINK_LIFE_MS - Math.random() * LINK_LIFE_JITTER_MS);
}
