import { onnx } from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { LOOKBACK_STEPS } from '../features/feature-schema.ts';
import { randomScaler, randomWeights } from '../testing/random-network.ts';
import { exportQuantileLstm } from './export-quantile-lstm.ts';
import { hasExternalData } from './find-external-data.ts';
import { openOnnxSession } from './onnx-session.ts';

const file = exportQuantileLstm(randomWeights(1, 4, 0.1), randomScaler(1), LOOKBACK_STEPS, {});
const external = { name: 'W', dims: [1], dataType: 1, externalData: [{ key: 'location', value: '/etc/passwd' }], dataLocation: 1 };

/** The file with something changed by an independent writer. */
function changed(change: (model: onnx.ModelProto) => void): Uint8Array {
  const model = onnx.ModelProto.decode(file);
  change(model);
  return onnx.ModelProto.encode(model).finish();
}

const smuggled: [string, Uint8Array][] = [
  ['an initializer', changed((model) => model.graph?.initializer?.push(external))],
  ['a constant of a node', changed((model) => model.graph?.node?.[0]?.attribute?.push({ name: 'value', t: external, type: 4 }))],
  ['a list of constants', changed((model) => model.graph?.node?.[0]?.attribute?.push({ name: 'values', tensors: [external], type: 9 }))],
  [
    'a graph within a node',
    changed((model) => model.graph?.node?.[0]?.attribute?.push({ name: 'body', g: { initializer: [external] }, type: 5 })),
  ],
  ['a sparse initializer', changed((model) => model.graph?.sparseInitializer?.push({ values: external, dims: [1] }))],
];

describe('openOnnxSession', () => {
  it('finds nothing external in what we write', () => {
    expect(hasExternalData(file)).toBe(false);
  });

  it.each(smuggled)('refuses a model that keeps %s in another file', async (_, bytes) => {
    await expect(openOnnxSession(bytes)).rejects.toMatchObject({ code: 'onnx_external_data' });
  });

  it('refuses bytes that are no model', async () => {
    for (const bytes of [Buffer.from('not a model at all'), file.subarray(0, file.length - 7), new Uint8Array(100).fill(0xff)])
      await expect(openOnnxSession(bytes)).rejects.toMatchObject({ code: 'onnx_unreadable' });
  });

  it('refuses a model with other ports', async () => {
    const renamed = changed((model) => {
      const output = model.graph?.output?.[0];
      const last = model.graph?.node?.at(-1);
      if (output && last) output.name = 'prices';
      if (last) last.output = ['prices'];
    });
    await expect(openOnnxSession(renamed)).rejects.toMatchObject({ code: 'onnx_ports_unknown' });
  });

  it('refuses an input of another size', async () => {
    const session = await openOnnxSession(file);
    await expect(session.run([new Float32Array(3)])).rejects.toMatchObject({ code: 'model_input_size' });
    await session.release();
  });
});
