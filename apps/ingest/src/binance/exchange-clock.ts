import { type Clock, type EpochMs, toVenueTime, type Venue, type VenueClock } from '@candlecast/domain';
import type { ExchangeClock } from '../exchange.ts';
import { unavailable } from './exchange-error.ts';

/** What the clock is made of: `wall` is this machine's clock, `speed` how fast the exchange's time runs beside it. */
export interface ExchangeClockOptions {
  readonly venue: Venue;
  readonly speed: number;
  readonly wall: Clock;
  readonly fetchServerTime: () => Promise<ClockReading>;
}

/** The exchange's time, read between two moments of this machine's clock. */
export interface ClockReading {
  readonly serverTime: EpochMs;
  readonly sentAt: EpochMs;
  readonly receivedAt: EpochMs;
}

/** Readings this far apart that show the same time mean that the exchange's clock stands still (a recording that is over). */
const STANDING_AFTER_MS = 500;

/** Returns a clock that follows the exchange's own. Until the first `refresh` it shows this machine's time. */
export function createExchangeClock({ venue, speed, wall, fetchServerTime }: ExchangeClockOptions): ExchangeClock {
  let model: VenueClock = { venue, wallTime: wall.now(), anchorTime: wall.now(), speed };
  let last: ClockReading | undefined;
  let roundTripMs = Number.POSITIVE_INFINITY;
  let running: Promise<void> | undefined;

  return {
    now: () => toVenueTime(model, wall.now()),
    model: () => model,
    isStanding: () => model.speed === 0,
    toWallMs: (venueMs) => venueMs / speed,
    // The server read its clock at some moment of the round trip, and the middle was taken.
    errorMs: () => (model.speed === 0 || !Number.isFinite(roundTripMs) ? 0 : Math.ceil((roundTripMs / 2) * speed)),
    refresh(maxAgeMs) {
      if (last && Math.abs(wall.now() - last.receivedAt) <= maxAgeMs) return Promise.resolve();
      running ??= sample().finally(() => {
        running = undefined;
      });
      return running;
    },
  };

  /**
   * The server read its clock somewhere between our two readings. A model that lies in between is kept, unless the new reading is
   * the narrower one: taking every reading would make the time jump about. A jump is believed when two readings tell it.
   */
  async function sample(): Promise<void> {
    const reading = await confirm(await fetchServerTime());
    const { serverTime, sentAt, receivedAt } = reading;
    const isOff = contradicts(model, reading);
    const isStanding = last?.serverTime === serverTime && (model.speed === 0 || sentAt - last.receivedAt >= STANDING_AFTER_MS);
    if (isStanding) {
      model = { venue, wallTime: receivedAt, anchorTime: serverTime, speed: 0 };
    } else if (isOff || model.speed === 0 || receivedAt - sentAt < roundTripMs) {
      model = { venue, wallTime: Math.round((sentAt + receivedAt) / 2) as EpochMs, anchorTime: serverTime, speed };
      roundTripMs = receivedAt - sentAt;
    }
    last = reading;
  }

  async function confirm(reading: ClockReading): Promise<ClockReading> {
    if (!last || model.speed === 0 || !contradicts(model, reading)) return reading;
    const second = await fetchServerTime();
    const jumped: VenueClock = { ...model, wallTime: reading.receivedAt, anchorTime: reading.serverTime };
    const early: VenueClock = { ...model, wallTime: reading.sentAt, anchorTime: reading.serverTime };
    const isSame =
      second.serverTime >= toVenueTime(jumped, second.sentAt) - speed && second.serverTime <= toVenueTime(early, second.receivedAt) + speed;
    if (isSame || second.serverTime === reading.serverTime || !contradicts(model, second)) return second;
    throw unavailable(
      `the exchange told the times ${reading.serverTime} and ${second.serverTime} within ${second.receivedAt - reading.sentAt} ms`,
    );
  }

  function contradicts(of: VenueClock, { serverTime, sentAt, receivedAt }: ClockReading): boolean {
    return serverTime < toVenueTime(of, sentAt) - speed || serverTime > toVenueTime(of, receivedAt) + speed;
  }
}
