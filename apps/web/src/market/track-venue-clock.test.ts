import { type EpochMs, toVenueTime, type VenueClock } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { trackVenueClock } from './track-venue-clock.ts';

const sample = (venueTime: number, wallTime: number) =>
  ({ venue: 'SIM', venueTime: venueTime as EpochMs, wallTime: wallTime as EpochMs }) as const;
const track = (...samples: readonly ReturnType<typeof sample>[]) =>
  samples.reduce<VenueClock | undefined>((clock, next) => trackVenueClock(clock, next), undefined);

describe('trackVenueClock', () => {
  it('assumes real time after one sample', () => {
    expect(track(sample(5_000, 100))?.speed).toBe(1);
  });

  it('learns the speed from two samples, in spite of the network', () => {
    expect(track(sample(0, 0), sample(182_000, 3_000))?.speed).toBe(61);
    expect(track(sample(0, 0), sample(20_080, 20_000))?.speed).toBe(1);
  });

  it('keeps a speed that is truly between whole numbers', () => {
    expect(track(sample(0, 0), sample(30_000, 20_000))?.speed).toBe(1.5);
  });

  it('stands still with a recording that has ended', () => {
    const clock = track(sample(9_000, 0), sample(9_000, 20_000));
    expect(clock?.speed).toBe(0);
    expect(clock && toVenueTime(clock, 60_000 as EpochMs)).toBe(9_000);
  });

  it('does not take a speed from samples that are too close', () => {
    expect(track(sample(0, 0), sample(900, 100))?.speed).toBe(1);
  });

  it('begins anew with another venue', () => {
    const clock = track(sample(0, 0), sample(600_000, 10_000));
    expect(trackVenueClock(clock, { ...sample(0, 20_000), venue: 'BINANCE' })).toMatchObject({ venue: 'BINANCE', speed: 1, anchorTime: 0 });
  });
});
