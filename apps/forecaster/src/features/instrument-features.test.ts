import { addMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { randomBars, withGap } from '../testing/random-bars.ts';
import { type BarSeries, barAt } from './bar.ts';
import { barSchema, instrumentColumns } from './bar-schema.ts';
import { createInstrumentFeatures, type InstrumentFeatures } from './instrument-features.ts';

const schema = barSchema('1h');
const names = instrumentColumns(schema);
const BARS = 3_200;
const [series] = randomBars({ bars: BARS, symbols: ['BTCUSDT'] }) as [BarSeries];
const { logClose, logHigh, logLow, baseVolume, tradeCount, takerBuyBaseVolume } = series.columns;

/** Feeds rows `from` to `through` and returns what is known then. */
function feed(source: BarSeries, from: number, through: number): InstrumentFeatures {
  const features = createInstrumentFeatures(schema);
  for (let row = from; row <= through; row++) features.push(addMs(source.firstOpenTime, row * schema.stepMs), barAt(source, row));
  return features;
}

/** The definitions, written as sums over the whole history: slow, and independent of the running sums that they check. */
function defined(t: number): Record<string, number> {
  const r = (i: number) => (logClose[i] ?? 0) - (logClose[i - 1] ?? 0);
  const pv = (i: number) => ((logHigh[i] ?? 0) - (logLow[i] ?? 0)) ** 2 / (4 * Math.LN2);
  const mean = (f: (i: number) => number, k: number, end = t) => {
    let sum = 0;
    for (let i = end - k + 1; i <= end; i++) sum += f(i);
    return sum / k;
  };
  const ewma = (decay: number) => {
    let [sum, weight] = [0, 0];
    for (let i = 1; i <= t; i++) [sum, weight] = [decay * sum + (1 - decay) * r(i) ** 2, decay * weight + 1 - decay];
    return sum / weight;
  };
  const v94 = ewma(0.94);
  const at = (column: Float64Array) => (i: number) => column[i] ?? 0;
  const relative = (i: number) => Math.log(pv(i)) - Math.log(mean(pv, 24, i));
  const profile = (i: number, lag: number, cycles: number) => {
    let sum = 0;
    for (let c = 0; c < cycles; c++) sum += relative(i - lag * (c + 1));
    return Math.exp(sum / cycles);
  };
  const ahead = (h: number, lag: number, cycles: number) => {
    let sum = 0;
    for (let j = 1; j <= h; j++) sum += profile(t + j, lag, cycles);
    return Math.log(sum / h);
  };
  return {
    range6: 0.5 * Math.log(mean(pv, 6) / v94),
    range720: 0.5 * Math.log(mean(pv, 720) / v94),
    squared24: 0.5 * Math.log((mean((i) => r(i) ** 2, 24) + 1e-12) / v94),
    momentum72: ((logClose[t] ?? 0) - (logClose[t - 72] ?? 0)) / Math.sqrt(v94 * 72),
    volume6: Math.log(mean(at(baseVolume), 6) / mean(at(baseVolume), 168)),
    trades1: Math.log((tradeCount[t] ?? 0) / mean(at(tradeCount), 168)),
    imbalance24: (2 * mean(at(takerBuyBaseVolume), 24)) / mean(at(baseVolume), 24) - 1,
    downside168: mean((i) => Math.min(r(i), 0) ** 2, 168) / (mean((i) => r(i) ** 2, 168) + 1e-12) - 0.5,
    seasonDay4: ahead(4, 24, 28),
    seasonWeek12: ahead(12, 168, 12),
    sigma24: 0.5 * Math.log(ewma(0.9875) / v94),
    // 1970-01-01T00:00Z was a Thursday.
    weekend: ((Math.floor((series.firstOpenTime / 3_600_000 + t) / 24) + 4) % 7) % 6 === 0 ? 1 : 0,
  };
}

describe('createInstrumentFeatures', () => {
  it.each([2_300, BARS - 1])('gives at bar %i what the definitions give', (t) => {
    const { context, sigmas } = feed(series, 0, t);
    for (const [name, value] of Object.entries(defined(t))) expect(context[names.indexOf(name)], name).toBeCloseTo(value, 9);
    expect(sigmas[5]).toBeCloseTo(
      Math.exp((context[names.indexOf('sigma24')] ?? 0) + Math.log(feed(series, 0, t).baseSigma())) * Math.sqrt(24),
      9,
    );
  });

  it('gives the same values to a process that starts with the newest 110 days as to one that read everything', () => {
    const whole = feed(series, 0, BARS - 1);
    const late = feed(series, BARS - 110 * 24, BARS - 1);
    whole.context.forEach((value, column) => {
      expect(late.context[column], names[column]).toBeCloseTo(value, 9);
    });
    whole.sequence.forEach((value, column) => {
      expect(late.sequence[column]).toBeCloseTo(value, 9);
    });
    whole.sigmas.forEach((value, column) => {
      expect(late.sigmas[column]).toBeCloseTo(value, 12);
    });
  });

  it('takes no return across a gap and goes on after it', () => {
    const [gapped] = withGap([series], 0, [2_500, 2_501]) as [BarSeries];
    expect(feed(gapped, 0, 2_501).isKnown()).toBe(false);
    const after = feed(gapped, 0, 2_502);
    expect(after.isKnown()).toBe(true);
    expect(after.baseSigma()).toBe(feed(gapped, 0, 2_499).baseSigma());
    expect(after.context[names.indexOf('momentum1')]).toBeNaN();
    expect(after.context[names.indexOf('momentum6')]).not.toBeNaN();
    expect(after.known()).toBe(2_501);
  });

  it('knows nothing of trades and takers where the source does not tell, and all else', () => {
    const untold = { ...series, columns: { ...series.columns, tradeCount: new Float64Array(BARS).fill(Number.NaN) } };
    const { context } = feed(untold, 0, 1_500);
    expect(names.filter((_, column) => Number.isNaN(context[column] ?? 0))).toEqual(['trades1', 'trades6', 'trades24']);
  });
});
