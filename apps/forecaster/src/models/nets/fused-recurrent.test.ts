import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareTensorflow } from '../lstm/tensorflow.ts';
import { createRandom } from '../random.ts';
import { fusedGru } from './fused-gru.ts';
import { fusedSimpleRnn } from './fused-simple-rnn.ts';
import { filled, glorot } from './net-body.ts';

const [ROWS, STEPS, INPUTS, UNITS] = [5, 7, 3, 4];

beforeAll(prepareTensorflow);

describe('fusedGru', () => {
  it('has the outputs and gradients of tf.layers.gru with the same weights', () => {
    const random = createRandom(2);
    const x = Float32Array.from({ length: ROWS * STEPS * INPUTS }, () => random.normal());
    const outer = tf.tensor2d(
      Float32Array.from({ length: ROWS * UNITS }, () => random.normal()),
      [ROWS, UNITS],
    );
    const weights = {
      kernel: glorot(INPUTS, 3 * UNITS, random),
      gates: glorot(UNITS, 2 * UNITS, random),
      candidate: glorot(UNITS, UNITS, random),
      bias: filled([3 * UNITS], 0.1),
    };
    const own = tf.variableGrads(() => tf.sum(tf.mul(fusedGru(x, ROWS, STEPS, weights), outer)) as tf.Scalar, Object.values(weights));

    const stock = layers.layers.gru({ units: UNITS, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotUniform' });
    const input = tf.tensor3d(x, [ROWS, STEPS, INPUTS]);
    stock.apply(input);
    stock.setWeights([weights.kernel, tf.concat([weights.gates, weights.candidate], 1), weights.bias]);
    const trainable = stock.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const oracle = tf.variableGrads(() => tf.sum(tf.mul(stock.apply(input) as tf.Tensor, outer)) as tf.Scalar, trainable);

    expect(own.value.dataSync()[0]).toBeCloseTo(oracle.value.dataSync()[0] ?? Number.NaN, 5);
    const [kernel, recurrent, bias] = trainable.map(({ name }) => oracle.grads[name]) as tf.Tensor[];
    const gradient = (variable: tf.Variable) => own.grads[variable.name] as tf.Tensor;
    const joined = tf.concat([gradient(weights.gates), gradient(weights.candidate)], 1);
    for (const [mine, theirs] of [
      [gradient(weights.kernel), kernel],
      [joined, recurrent],
      [gradient(weights.bias), bias],
    ]) {
      const expected = theirs?.dataSync() ?? [];
      mine?.dataSync().forEach((value, index) => {
        expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 4);
      });
    }
  });
});

describe('fusedSimpleRnn', () => {
  it('has the outputs and gradients of tf.layers.simpleRNN with the same weights', () => {
    const random = createRandom(8);
    const x = Float32Array.from({ length: ROWS * STEPS * INPUTS }, () => random.normal());
    const outer = glorot(ROWS, UNITS, random);
    const weights = { kernel: glorot(INPUTS, UNITS, random), recurrent: glorot(UNITS, UNITS, random), bias: filled([UNITS], 0.1) };
    const own = tf.variableGrads(() => tf.sum(tf.mul(fusedSimpleRnn(x, ROWS, STEPS, weights), outer)) as tf.Scalar, Object.values(weights));

    const stock = layers.layers.simpleRNN({ units: UNITS, recurrentInitializer: 'glorotUniform' });
    const input = tf.tensor3d(x, [ROWS, STEPS, INPUTS]);
    stock.apply(input);
    stock.setWeights([weights.kernel, weights.recurrent, weights.bias]);
    const trainable = stock.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const oracle = tf.variableGrads(() => tf.sum(tf.mul(stock.apply(input) as tf.Tensor, outer)) as tf.Scalar, trainable);

    expect(own.value.dataSync()[0]).toBeCloseTo(oracle.value.dataSync()[0] ?? Number.NaN, 5);
    Object.values(weights).forEach(({ name }, index) => {
      const expected = oracle.grads[trainable[index]?.name ?? '']?.dataSync() ?? [];
      own.grads[name]?.dataSync().forEach((value, at) => {
        expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 4);
      });
    });
  });
});
