import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileKernel } from '../../../assembly/compile-kernel.mjs';
import { fusedLstm } from './fused-lstm.ts';
import { prepareTensorflow } from './tensorflow.ts';
import { createLstmWorkspace } from './workspace.ts';

const ROWS = 6;
const STEPS = 9;
const INPUTS = 5;
const UNITS = 7;

/** Outputs and weight gradients of the stock layer and of ours at equal weights, for a loss that weighs every output differently. */
function compare(batch: number) {
  const stock = layers.layers.lstm({
    units: UNITS,
    recurrentActivation: 'sigmoid',
    kernelInitializer: 'glorotUniform',
    recurrentInitializer: 'glorotUniform',
  });
  const x = tf.randomNormal([ROWS, STEPS, INPUTS], 0, 1, 'float32', 1) as tf.Tensor3D;
  const target = tf.randomNormal([ROWS, UNITS], 0, 1, 'float32', 2);
  stock.apply(x);
  const [kernel, recurrent, bias] = [[INPUTS, 4 * UNITS], [UNITS, 4 * UNITS], [4 * UNITS]].map((shape, index) =>
    tf.variable(tf.randomNormal(shape, 0, 0.5, 'float32', 3 + index)),
  );
  if (!kernel || !recurrent || !bias) throw new Error('three weights');
  stock.setWeights([kernel, recurrent, bias]);
  const loss = (output: tf.Tensor) => tf.sum(tf.square(tf.sub(output, target))) as tf.Scalar;
  const workspace = createLstmWorkspace({ batch, steps: STEPS, inputs: INPUTS, units: UNITS });
  const ours = () => fusedLstm(workspace, x.dataSync<'float32'>(), ROWS, { kernel, recurrent, bias });
  const fused = tf.variableGrads(() => loss(ours()), [kernel, recurrent, bias]);
  const variables = stock.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const oracle = tf.variableGrads(() => loss(stock.apply(x) as tf.Tensor), variables);
  return {
    output: distance(ours(), stock.apply(x) as tf.Tensor),
    gradients: [kernel, recurrent, bias].map((variable, index) =>
      distance(fused.grads[variable.name], oracle.grads[variables[index]?.name ?? '']),
    ),
  };
}

function distance(a: tf.Tensor | undefined, b: tf.Tensor | undefined): number {
  if (!a || !b) throw new Error('a gradient is missing');
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN;
}

describe('fusedLstm', () => {
  beforeAll(prepareTensorflow);

  it.each([
    ['a full batch', 6],
    ['a batch that is not full', 64],
  ])('equals tf.layers.lstm in outputs (1e-6) and gradients (1e-5) with %s', (_, batch) => {
    const { output, gradients } = compare(batch);
    expect(output).toBeLessThan(1e-6);
    for (const gradient of gradients) expect(gradient).toBeLessThan(1e-5);
  });

  it('refuses a gradient that does not directly follow its forward pass', () => {
    const workspace = createLstmWorkspace({ batch: 4, steps: 2, inputs: 1, units: 1 });
    const weights = { kernel: new Float32Array(4), recurrent: new Float32Array(4), bias: new Float32Array(4) };
    workspace.forward(new Float32Array(2), 1, weights);
    workspace.backward(new Float32Array(1));
    expect(() => workspace.backward(new Float32Array(1))).toThrow('directly follow');
    expect(() => workspace.forward(new Float32Array(10), 5, weights)).toThrow('do not fit');
  });
});

describe('kernel-wasm.ts', () => {
  it('is what the sources in assembly/ compile to', async () => {
    const { readFile } = await import('node:fs/promises');
    expect(await compileKernel()).toBe(await readFile(new URL('kernel-wasm.ts', import.meta.url), 'utf8'));
  });
});
