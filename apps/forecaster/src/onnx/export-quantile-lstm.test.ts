import { readFile } from 'node:fs/promises';
import { QUANTILE_LEVELS } from '@candlecast/domain';
import { onnx } from 'onnx-proto';
import { beforeAll, describe, expect, it } from 'vitest';
import { FEATURES, LOOKBACK_STEPS, SERVED_HORIZONS } from '../features/feature-schema.ts';
import { joinInput, WINDOW_FLOATS } from '../features/model-input.ts';
import { createNetwork } from '../models/lstm/network.ts';
import { prepareTensorflow } from '../models/lstm/tensorflow.ts';
import { createRandom } from '../models/random.ts';
import { scaleWindows } from '../models/scaler.ts';
import { randomScaler, randomWeights, randomWindows } from '../testing/random-network.ts';
import { exportQuantileLstm } from './export-quantile-lstm.ts';
import { openOnnxSession } from './onnx-session.ts';

const UNITS = 5;
const ROWS = 40;
const GOLDEN = new URL('fixtures/golden.onnx', import.meta.url);
const scaler = randomScaler(1);
const weights = randomWeights(1, UNITS, 0.3);
const file = exportQuantileLstm(weights, scaler, LOOKBACK_STEPS, { feature_schema: '1' });
const sigmas = Float32Array.from(SERVED_HORIZONS, (_, index) => 0.001 * (index + 1));
const windows = randomWindows(7, ROWS);
const inputs = Array.from({ length: ROWS }, (_, row) =>
  joinInput(windows.subarray(row * WINDOW_FLOATS, (row + 1) * WINDOW_FLOATS), sigmas),
);

async function served(bytes: Uint8Array): Promise<number[]> {
  const session = await openOnnxSession(bytes);
  const grids = await session.run(inputs);
  await session.release();
  return grids.flatMap((grid) => [...grid]);
}

beforeAll(prepareTensorflow);

describe('exportQuantileLstm', () => {
  it('computes in the runtime what the network computes in the trainer, to 1e-5 sigmas', async () => {
    const network = createNetwork({ batch: ROWS, steps: LOOKBACK_STEPS, inputs: FEATURES.length, units: UNITS }, createRandom(0));
    network.assign(weights);
    const expected = [...network.apply(scaleWindows(windows, scaler), ROWS).dataSync<'float32'>()];
    const values = await served(file);
    expect(values).toHaveLength(expected.length);
    for (const [index, value] of values.entries()) {
      const sigma = sigmas[Math.floor(index / QUANTILE_LEVELS.length) % SERVED_HORIZONS.length] ?? 0;
      expect(Math.abs(value / sigma - (expected[index] ?? 0))).toBeLessThan(1e-5);
    }
  });

  it('answers the same for a row alone and in a batch, to float32 rounding', async () => {
    const session = await openOnnxSession(file);
    const [alone] = await session.run(inputs.slice(35, 36));
    const together = (await session.run(inputs))[35];
    for (const [index, value] of (alone ?? []).entries()) expect(together?.[index]).toBeCloseTo(value, 8);
    await session.release();
  });

  it('has no forecast for a horizon without sigma, and keeps the others as they are', async () => {
    const session = await openOnnxSession(file);
    const input = (inputs[0] ?? new Float32Array()).slice();
    const [whole] = await session.run([input]);
    input[WINDOW_FLOATS + 7] = Number.NaN;
    const [partial] = await session.run([input]);
    const day = 7 * QUANTILE_LEVELS.length;
    expect([...(partial ?? [])].slice(day).every(Number.isNaN)).toBe(true);
    expect(partial?.slice(0, day)).toEqual(whole?.slice(0, day));
    await session.release();
  });

  it('writes what an independent reader of Protocol Buffers understands', async () => {
    const model = onnx.ModelProto.decode(file);
    expect(onnx.ModelProto.verify(model)).toBeNull();
    expect(model.opsetImport.map(({ domain, version }) => [domain, String(version)])).toEqual([['', '17']]);
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([['feature_schema', '1']]);
    const kernel = model.graph?.initializer?.find(({ name }) => name === 'head_kernel');
    expect(kernel?.dims?.map(String)).toEqual([String(UNITS), '80']);
    expect(new Float32Array(new Uint8Array(kernel?.rawData ?? []).buffer)).toEqual(weights.headKernel);
    expect(await served(onnx.ModelProto.encode(model).finish())).toEqual(await served(file));
  });

  it('writes the golden file, byte by byte', async () => {
    expect(Buffer.from(file).equals(await readFile(GOLDEN))).toBe(true);
  });
});
