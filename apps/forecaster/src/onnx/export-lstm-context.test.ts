import { QUANTILE_LEVELS } from '@candlecast/domain';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { asOfRow, buildDataSet } from '../dataset/data-set.ts';
import { barSchema, contextColumns, SEQUENCE_COLUMNS } from '../features/bar-schema.ts';
import { lstmContextBody } from '../models/nets/bodies.ts';
import { quantileNet } from '../models/nets/quantile-net.ts';
import { CONTEXT_LIMIT, SEQUENCE_LIMIT } from '../models/nets/train-net.ts';
import { randomBars } from '../testing/random-bars.ts';
import { exportLstmContext, type LstmContextWeights } from './export-lstm-context.ts';

const schema = barSchema('1h');
const [BARS, ROWS] = [1_600, 21];
/** Largest difference in sigmas with which a model may be published. */
const TOLERANCE = 1e-5;

describe('exportLstmContext', () => {
  it('says what the trained networks say, to float32 rounding, also where features are not known', async () => {
    const set = buildDataSet(randomBars({ bars: BARS, symbols: ['BTCUSDT'] }), schema);
    const rows = Uint32Array.from(set.origins, (_, row) => row).filter((row) => set.origins[row] === 1);
    const settings = { batch: 128, epochs: 6, learningRate: 0.003, weightDecay: 0, patience: 6, windows: 500, seeds: 2 };
    const model = quantileNet('tiny', '', lstmContextBody(6, 0.2), settings);
    const training = { training: rows.subarray(0, 500), validation: rows.subarray(560, 660), cutoff: asOfRow(set, 1_500) };
    const { trained, predict } = await model.fit(set, training, 3);
    const wanted = rows.subarray(700, 700 + ROWS);
    const columns = contextColumns(schema).length;
    for (const [index, row] of wanted.entries()) if (index % 4 === 0) set.context.fill(Number.NaN, row * columns, row * columns + 9);
    const expected = predict(set, wanted);

    const file = exportLstmContext(
      {
        networks: trained.weights as unknown as LstmContextWeights[],
        steps: schema.lookback,
        horizons: schema.horizons.length,
        context: { scaler: trained.scalers.context, limit: CONTEXT_LIMIT },
        sequence: { scaler: trained.scalers.sequence, limit: SEQUENCE_LIMIT },
      },
      { feature_schema: '2' },
    );
    const session = await InferenceSession.create(file);
    const gather = (values: Float32Array, width: number, before = 0) =>
      Float32Array.from([...wanted].flatMap((row) => [...values.subarray((row - before) * width, (row + 1) * width)]));
    const { horizons, lookback } = schema;
    const sigmas = Float32Array.from(
      [...wanted].flatMap((row) => [...set.sigmas.subarray(row * horizons.length, (row + 1) * horizons.length)]),
    );
    const { quantiles } = await session.run({
      context: new Tensor('float32', gather(set.context, columns), [ROWS, columns]),
      x: new Tensor('float32', gather(set.sequence, SEQUENCE_COLUMNS.length, lookback - 1), [ROWS, lookback, SEQUENCE_COLUMNS.length]),
      sigma: new Tensor('float32', sigmas, [ROWS, horizons.length]),
    });
    await session.release();
    const said = quantiles?.data as Float32Array;
    expect(said).toHaveLength(expected.length);
    const differences = expected.map(
      (value, index) => Math.abs(value - (said[index] ?? Number.NaN)) / (sigmas[Math.floor(index / QUANTILE_LEVELS.length)] ?? 0),
    );
    expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
    // It has learnt something: otherwise the comparison would be of two zeros.
    const start = Math.abs((expected[QUANTILE_LEVELS.length - 1] ?? 0) / (sigmas[0] ?? 1) - 1.959964);
    expect(start).toBeGreaterThan(1e-3);
  }, 60_000);
});
