import { type CandleValues, toDecimal } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomWalk, seriesOf } from '../testing/random-walk.ts';
import { FEATURES, LOOKBACK_STEPS } from './feature-schema.ts';
import { HISTORY_MINUTES, toSigmas } from './sigma.ts';
import { toWindow } from './to-window.ts';

const walk = randomWalk({ minutes: HISTORY_MINUTES + 600, seed: 3 });
const END = HISTORY_MINUTES + 99;

/** What a model sees at row END of these candles. */
function seenIn(candles: readonly CandleValues[]) {
  const series = seriesOf(candles);
  return { window: toWindow(series, END), sigmas: toSigmas(series, END) };
}

function column(window: Float32Array | undefined, feature: (typeof FEATURES)[number]): number[] {
  return Array.from({ length: LOOKBACK_STEPS }, (_, step) => window?.[step * FEATURES.length + FEATURES.indexOf(feature)] ?? Number.NaN);
}

describe('toWindow and toSigmas', () => {
  const seen = seenIn(walk);

  it('know every value of a window with unbroken history', () => {
    expect(seen.window?.every(Number.isFinite)).toBe(true);
    expect(seen.sigmas.every((sigma) => sigma > 0)).toBe(true);
  });

  it('do not change when any later candle changes', () => {
    fc.assert(
      fc.property(fc.integer({ min: END + 1, max: walk.length - 1 }), fc.integer({ min: 1, max: 9_999_999 }), (row, cents) => {
        const price = toDecimal((cents / 100).toFixed(2));
        const changed = walk.with(row, {
          ...(walk[row] as CandleValues),
          open: price,
          high: price,
          low: price,
          close: price,
          baseVolume: price,
        });
        expect(seenIn(changed)).toEqual(seen);
      }),
      { numRuns: 20 },
    );
    expect(seenIn(walk.slice(0, END + 1))).toEqual(seen);
  });

  it('do not depend on what lies before the history they need', () => {
    const rest = walk.slice(END - HISTORY_MINUTES + 1, END + 1);
    const series = seriesOf(rest);
    expect({ window: toWindow(series, rest.length - 1), sigmas: toSigmas(series, rest.length - 1) }).toEqual(seen);
  });

  it('change with the newest candle', () => {
    const newest = { ...(walk[END] as CandleValues), close: toDecimal('41000.00') };
    expect(seenIn(walk.with(END, newest)).window).not.toEqual(seen.window);
  });

  it.each([0, 100, 239, 240, 2_000, 2_993])('give no window across a gap %i minutes back', (minutesBack) => {
    expect(seenIn(walk.toSpliced(END - minutesBack, 1)).window).toBeUndefined();
  });

  it('withhold only the horizons whose span holds the gap', () => {
    const isKnown = (minutesBack: number) => [...seenIn(walk.toSpliced(END - minutesBack, 1)).sigmas].map((sigma) => !Number.isNaN(sigma));
    expect(isKnown(0)).toEqual(Array(8).fill(false));
    expect(isKnown(200)).toEqual([true, true, true, true, false, false, false, false]);
    expect(isKnown(4_000)).toEqual([true, true, true, true, true, true, true, false]);
    expect(isKnown(HISTORY_MINUTES)).toEqual(Array(8).fill(true));
  });

  it('tell apart balanced taker volume and unknown taker volume', () => {
    const unknown = seenIn(walk.map((candle) => ({ ...candle, takerBuyBaseVolume: null })));
    expect(new Set(column(unknown.window, 'imbalance'))).toEqual(new Set([0]));
    expect(new Set(column(unknown.window, 'imbalanceKnown'))).toEqual(new Set([0]));
    expect(new Set(column(seen.window, 'imbalanceKnown'))).toEqual(new Set([1]));
    expect(column(seen.window, 'imbalance').every((value) => value >= -1 && value <= 1)).toBe(true);
  });

  it('stay finite in a market that stands still', () => {
    const still = walk.map((candle) => ({ ...candle, open: candle.close, high: candle.close, low: candle.close }));
    const price = toDecimal('1.0000');
    const flat = still.map((candle) => ({ ...candle, open: price, high: price, low: price, close: price, baseVolume: toDecimal('0') }));
    const flatly = seenIn(flat);
    expect(flatly.window?.every(Number.isFinite)).toBe(true);
    expect(flatly.sigmas[0]).toBeCloseTo(1e-5 * Math.sqrt(15), 10);
  });
});

describe('toSigmas', () => {
  it('finds the volatility of a random walk', () => {
    const sigma = 5e-4;
    const steady = randomWalk({ minutes: HISTORY_MINUTES, seed: 5, sigma, swing: 0 });
    const [, , hour, , , , , day] = toSigmas(seriesOf(steady), steady.length - 1);
    expect((hour ?? 0) / (sigma * Math.sqrt(60))).toBeCloseTo(1, 0);
    expect((day ?? 0) / (sigma * Math.sqrt(1_440))).toBeCloseTo(1, 1);
  });
});
