import { type InstrumentId, type Model, QUANTILE_LEVELS, toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { toEnsemble } from '../../evaluate/ensemble.ts';
import { SERVED_HORIZONS } from '../../features/feature-schema.ts';
import { LIVE_BARS, SERVED_PLACES } from '../../features/live-bars.ts';
import { createMinuteBuffer } from '../../features/minute-series.ts';
import { MEDIAN } from '../normal.ts';
import type { Predictor } from '../predictor.ts';
import { parseEnsembleFile, toEnsembleFile } from './ensemble-file.ts';
import { createEnsemblePredictor } from './ensemble-predictor.ts';

const LEVELS = QUANTILE_LEVELS.length;
const ID = 'SIM:BTCUSDT' as InstrumentId;
const NONE = 'SIM:NONE' as InstrumentId;
const OTHER = 'SIM:ETHUSDT' as InstrumentId;
const MODEL: Model = {
  ...{ id: 1, name: 'ensemble', version: '1', kind: 'LSTM', sha256: 'a'.repeat(64), artifactPath: null, featureSchema: 2, card: {} },
  ...{ trainedFrom: null, trainedThrough: null, createdAt: toEpochMs(0) },
};
const FILE = { members: [{ name: 'one', version: '1', sha256: 'b' }], open: { [ID]: ['1h'] } } as const;
const series = createMinuteBuffer(1).series();

/** Says at every horizon the one number of its input, plus a spread. */
function aMember(width: number, says: (id: InstrumentId) => number | undefined): Predictor {
  return {
    model: MODEL,
    toInput(_, __, id) {
      const median = says(id);
      return median === undefined ? undefined : Float32Array.of(median, width);
    },
    predict: async (inputs) =>
      inputs.map(([median = 0, spread = 0]) =>
        Float64Array.from({ length: SERVED_HORIZONS.length * LEVELS }, (_, index) => median + spread * ((index % LEVELS) - MEDIAN)),
      ),
  };
}

const ensemble = createEnsemblePredictor(MODEL, FILE, [
  { predictor: aMember(0.5, (id) => (id === ID ? 0.25 : 0.125)), inputFloats: 2 },
  { predictor: aMember(1, (id) => (id === NONE ? undefined : 0)), inputFloats: 2 },
]);

describe('createEnsemblePredictor', () => {
  it('averages spreads around the first member’s median where the gate is open, as the laboratory does, and around the last price elsewhere', async () => {
    const inputs = [ID, OTHER].map((id) => ensemble.toInput(series, -1, id) as Float32Array);
    const grids = await ensemble.predict(inputs);
    const place = LIVE_BARS.horizons.indexOf('1h');
    const row = (grid: Float64Array | undefined, horizon: number) => {
      const at = (SERVED_PLACES[horizon] ?? 0) * LEVELS;
      return [...(grid?.subarray(at, at + LEVELS) ?? [])];
    };
    const spread = Array.from({ length: LEVELS }, (_, level) => 0.75 * (level - MEDIAN));
    expect(row(grids[0], place)).toEqual(spread.map((distance) => 0.25 + distance));
    expect(row(grids[0], place + 1)).toEqual(spread);
    expect(row(grids[1], place)).toEqual(spread);
    const members = [0.5, 1].map((width) => Float32Array.from({ length: LEVELS }, (_, level) => width * (level - MEDIAN)));
    const shut = { returns: Float64Array.of(0), asOf: Float64Array.of(0), stepMs: LIVE_BARS.stepMs, horizonBars: 2 };
    expect([...toEnsemble({ spreads: members, locations: members, ...shut }).quantiles]).toEqual(spread);
    expect(grids[0]?.subarray(0, LEVELS).every(Number.isNaN)).toBe(true);
  });

  it('stores which gates were open with the members’ inputs', () => {
    expect([...(ensemble.toInput(series, -1, ID) ?? [])]).toEqual([0, 1, 0, 0, 0, 0, 0, 0.25, 0.5, 0, 1]);
  });

  it('says nothing where a member has no input', () => {
    expect(ensemble.toInput(series, -1, NONE)).toBeUndefined();
  });
});

describe('the file of an ensemble', () => {
  it('is read back', () => {
    expect(parseEnsembleFile(toEnsembleFile(FILE))).toEqual(FILE);
  });

  it.each([
    ['is no JSON', 'members'],
    ['names no members', '{"members":[],"open":{}}'],
    ['opens a horizon that there is not', '{"members":[{"name":"a","version":"1","sha256":"b"}],"open":{"SIM:BTCUSDT":["3h"]}}'],
  ])('is refused when it %s', (_, text) => {
    expect(() => parseEnsembleFile(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'ensemble_file_unreadable' }));
  });
});
