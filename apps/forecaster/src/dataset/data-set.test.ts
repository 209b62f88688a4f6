import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barSchema, contextColumns, SEQUENCE_COLUMNS } from '../features/bar-schema.ts';
import { randomBars, withGap, withOtherFuture } from '../testing/random-bars.ts';
import { asOfRow, buildDataSet, type DataSet } from './data-set.ts';

const schema = barSchema('1h');
const BARS = 1_200;
const market = randomBars({ bars: BARS, symbols: ['BTCUSDT', 'ETHUSDT', 'XRPUSDT'] });
const whole = buildDataSet(market, schema);
const horizons = schema.horizons.length;

/** Everything that a model may see of each series up to bar `last`. */
function seen(set: DataSet, last: number) {
  return set.series.map((_, s) => {
    const cut = <T extends Float32Array | Float64Array>(values: T, width: number) =>
      values.slice(s * BARS * width, (s * BARS + last + 1) * width);
    return [
      cut(set.context, contextColumns(schema).length),
      cut(set.sequence, SEQUENCE_COLUMNS.length),
      cut(set.sigmas, horizons),
      cut(set.baseSigmas, 1),
    ];
  });
}

function originsOf(set: DataSet, s: number): number[] {
  return Array.from({ length: BARS }, (_, bar) => bar).filter((bar) => set.origins[s * BARS + bar] === 1);
}

describe('buildDataSet', () => {
  it('shows no bar anything of later ones (leak canary)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: BARS - 30 }), (last) => {
        const other = buildDataSet(withOtherFuture(market, last), schema);
        expect(seen(other, last)).toEqual(seen(whole, last));
      }),
      { numRuns: 4 },
    );
  });

  it('shows the newest bar', () => {
    expect(seen(buildDataSet(withOtherFuture(market, 999), schema), 1_000)).not.toEqual(seen(whole, 1_000));
  });

  it('gives outcomes as log returns from the close of the origin', () => {
    const closes = market[1]?.columns.logClose ?? new Float64Array();
    const row = BARS + 900;
    expect([...whole.returns.slice(row * horizons, (row + 1) * horizons)]).toEqual(
      [1, 2, 4, 6, 12, 24].map((bars) => (closes[900 + bars] ?? 0) - (closes[900] ?? 0)),
    );
    expect(asOfRow(whole, row)).toBe((market[1]?.firstOpenTime ?? 0) + 901 * schema.stepMs);
  });

  it('starts once warmed up and ends a day before the data do', () => {
    expect(originsOf(whole, 0)).toEqual(Array.from({ length: BARS - 24 - 799 }, (_, index) => 799 + index));
  });

  it('lets no window span a gap, from its lookback to its last outcome', () => {
    const gapped = buildDataSet(withGap(market, 1, [1_000]), schema);
    const lost = originsOf(whole, 1).filter((bar) => !originsOf(gapped, 1).includes(bar));
    expect(lost).toEqual(Array.from({ length: 24 + 1 + 48 }, (_, index) => 1_000 - 24 + index));
    expect(originsOf(gapped, 0)).toEqual(originsOf(whole, 0));
  });

  it('refuses series of different grids', () => {
    expect(() => buildDataSet([...market, ...randomBars({ bars: BARS - 1, symbols: ['ADAUSDT'] })], schema)).toThrow('grid');
  });
});
