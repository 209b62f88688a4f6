import { type Clock, type EpochMs, type InstrumentWriter, systemClock, type VenueClock } from '@candlecast/domain';

/**
 * This machine's time as it was at the start, carried on by the monotonic clock: a step of the wall clock (NTP, a hand) moves nothing that
 * is judged by it. Whole milliseconds.
 */
export const steadyClock: Clock = { now: () => Math.round(performance.timeOrigin + performance.now()) as EpochMs };

/** Returns a writer that saves a clock which was read against `steadyClock` as one against the system's: that is what the database has. */
export function withSystemTime<W extends Pick<InstrumentWriter, 'saveClock'>>(
  writer: W,
  system: Clock = systemClock,
  steady: Clock = steadyClock,
): W {
  const translate = (model: VenueClock): VenueClock => ({ ...model, wallTime: (model.wallTime + system.now() - steady.now()) as EpochMs });
  return { ...writer, saveClock: (model) => writer.saveClock(translate(model)) };
}
