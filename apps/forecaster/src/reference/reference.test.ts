import { hasTestData, testDataDir } from '@candlecast/testkit';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareTensorflow } from '../models/lstm/tensorflow.ts';
import { trainLevelNetwork } from '../models/nets/level-network.ts';
import { lstmSequence } from '../models/nets/lstm-sequence.ts';
import { filled, glorot } from '../models/nets/net-body.ts';
import { createRandom } from '../models/random.ts';
import { toLevelMetrics } from './level-metrics.ts';
import { loadPriceRows } from './price-rows.ts';
import { levelRow, toReferenceMarkdown } from './reference-run.ts';
import { toDirectionTable } from './s4.ts';

beforeAll(prepareTensorflow);

describe('lstmSequence', () => {
  it('has the states and gradients of tf.layers.lstm with the same weights, in its input too', () => {
    const [rows, steps, inputs, units] = [3, 4, 2, 5];
    const random = createRandom(6);
    const weights = {
      kernel: glorot(inputs, 4 * units, random),
      recurrent: glorot(units, 4 * units, random),
      bias: filled([4 * units], 0.2),
    };
    const x = glorot(rows * steps, inputs, random);
    const outer = tf.tensor3d(
      Float32Array.from({ length: rows * steps * units }, () => random.normal()),
      [rows, steps, units],
    );
    const toTimeMajor = (row: tf.Tensor, width: number) =>
      tf.reshape(tf.transpose(tf.reshape(row, [rows, steps, width]), [1, 0, 2]), [steps * rows, width]) as tf.Tensor2D;
    const all = [x, ...Object.values(weights)];
    const own = tf.variableGrads(
      () => tf.sum(tf.mul(lstmSequence(toTimeMajor(x, inputs), rows, weights), toTimeMajor(outer, units))) as tf.Scalar,
      all,
    );

    const stock = layers.layers.lstm({
      units,
      returnSequences: true,
      recurrentActivation: 'sigmoid',
      recurrentInitializer: 'glorotUniform',
    });
    stock.apply(tf.zeros([rows, steps, inputs]));
    stock.setWeights(Object.values(weights));
    const trainable = stock.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const oracle = tf.variableGrads(
      () => tf.sum(tf.mul(stock.apply(tf.reshape(x, [rows, steps, inputs])) as tf.Tensor, outer)) as tf.Scalar,
      [x, ...trainable],
    );
    expect(own.value.dataSync()[0]).toBeCloseTo(oracle.value.dataSync()[0] ?? Number.NaN, 4);
    all.forEach(({ name }, index) => {
      const expected = oracle.grads[[x, ...trainable][index]?.name ?? '']?.dataSync() ?? [];
      expect(own.grads[name]?.size).toBe(expected.length);
      own.grads[name]?.dataSync().forEach((value, at) => {
        expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 4);
      });
    });
  });
});

describe('trainLevelNetwork', () => {
  it.each([[[8]], [[6, 4]]])('learns a wave with layers %j', async (units) => {
    const values = Float32Array.from({ length: 700 }, (_, row) => Math.sin(row / 6));
    const ends = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, index) => from + index);
    const inputs = { values, columns: 1 };
    const losses: number[] = [];
    const recipe = { layers: units, lookback: 12, stepRows: 1, ahead: [1, 2], epochs: 60, windows: 500, seed: 1 };
    const network = await trainLevelNetwork(inputs, ends(11, 500), recipe, (_, mse) => losses.push(mse));
    const test = network.forecast(inputs, ends(520, 690));
    expect(losses.at(-1)).toBeLessThan(0.2 * (losses[0] ?? 0));
    const came = Float64Array.from({ length: 340 }, (_, index) => values[520 + Math.floor(index / 2) + 1 + (index % 2)] ?? 0);
    expect(toLevelMetrics(Float64Array.from(test), came).r2).toBeGreaterThan(0.8);
  });
});

describe('toLevelMetrics', () => {
  it('is what the names say', () => {
    const metrics = toLevelMetrics(Float64Array.of(1, 2, 5), Float64Array.of(1, 4, 4));
    expect(metrics).toMatchObject({ n: 3, mae: 1 });
    expect(metrics.mse).toBeCloseTo(5 / 3, 9);
    expect(metrics.r2).toBeCloseTo(1 - 5 / 6, 9);
    expect(metrics.mape).toBeCloseTo((0.5 + 0.25) / 3, 9);
  });

  it.skipIf(!hasTestData())(
    'gives persistence on the published window of hourly ETH its known errors (needs klines/ in TEST_DATA_DIR)',
    async () => {
      const range = { from: Date.parse('2017-08-17T04:00:00Z'), to: Date.parse('2022-11-01T00:00:00Z') } as Parameters<
        typeof loadPriceRows
      >[3];
      const { openTime, close } = await loadPriceRows(`${testDataDir()}/klines`, 'ETHUSDT', '1h', range);
      expect(close).toHaveLength(45_518);
      const least = Math.min(...close);
      const most = Math.max(...close);
      const scaled = close.map((price) => (price - least) / (most - least));
      const first = openTime.findIndex((time) => time >= Date.parse('2021-10-18T17:00:00Z'));
      const { n, rmse, mae } = toLevelMetrics(scaled.slice(first, -1), scaled.slice(first + 1));
      expect(n).toBe(9_078);
      expect(rmse).toBeCloseTo(0.0047, 4);
      expect(mae).toBeCloseTo(0.0031, 4);
    },
  );
});

describe('a reference run', () => {
  it('marks R² and MAPE as misleading and leaves out what was not published', () => {
    const shown = ['RMSE', 'R² (misleading)'];
    const row = levelRow('the last price', toLevelMetrics(Float64Array.of(1, 2), Float64Array.of(1, 3)), shown);
    const text = toReferenceMarkdown({
      name: 'S',
      protocol: 'p',
      window: 'w',
      metrics: shown,
      rows: [{ name: 'published', values: {} }, row],
      notes: [],
    });
    expect(text).toContain('| published | — | — |');
    expect(text).toContain('| the last price | 0.707 | 0.5000 |');
  });
});

describe('toDirectionTable', () => {
  it('has one row for each bar with all its momentum and outcomes', () => {
    const closes = Float64Array.from({ length: 400 }, (_, bar) => Math.log(100 + bar));
    const { columns, inputs, isUp } = toDirectionTable(closes.map((close, bar) => (bar === 200 ? Number.NaN : close)));
    expect(isUp.every((up) => up === 1)).toBe(true);
    expect(isUp.length / 6).toBeLessThan(400 - 96 - 48);
    expect(inputs).toHaveLength((isUp.length / 6) * columns);
    expect(inputs.every((value) => Number.isFinite(value))).toBe(true);
  });
});
