import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareTensorflow } from '../lstm/tensorflow.ts';
import { createRandom } from '../random.ts';
import { fusedDense } from './fused-dense.ts';
import { joinColumns } from './join-columns.ts';
import { filled, glorot } from './net-body.ts';

beforeAll(prepareTensorflow);

describe('fusedDense', () => {
  it('has the value and gradients of the product and sum of TensorFlow.js', () => {
    const random = createRandom(3);
    const [x, kernel, bias] = [glorot(6, 5, random), glorot(5, 4, random), filled([4], 0.3)];
    const outer = glorot(6, 4, random);
    const gradients = (apply: () => tf.Tensor) =>
      tf.variableGrads(() => tf.sum(tf.mul(tf.tanh(apply()), outer)) as tf.Scalar, [x, kernel, bias]);
    const own = gradients(() => fusedDense(x as tf.Tensor2D, kernel, bias));
    const stock = gradients(() => tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias));
    expect(own.value.dataSync()[0]).toBeCloseTo(stock.value.dataSync()[0] ?? Number.NaN, 5);
    for (const { name } of [x, kernel, bias]) {
      const expected = stock.grads[name]?.dataSync() ?? [];
      own.grads[name]?.dataSync().forEach((value, index) => {
        expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 5);
      });
    }
  });
});

describe('joinColumns', () => {
  it('has the value and gradients of concat', () => {
    const random = createRandom(5);
    const [a, b, outer] = [glorot(3, 2, random), glorot(3, 4, random), glorot(3, 6, random)];
    const gradients = (joined: () => tf.Tensor) => tf.variableGrads(() => tf.sum(tf.mul(tf.square(joined()), outer)) as tf.Scalar, [a, b]);
    const own = gradients(() => joinColumns(a as tf.Tensor2D, b as tf.Tensor2D));
    const stock = gradients(() => tf.concat([a as tf.Tensor2D, b as tf.Tensor2D], 1));
    expect(own.value.dataSync()[0]).toBeCloseTo(stock.value.dataSync()[0] ?? Number.NaN, 6);
    for (const { name } of [a, b]) expect([...(own.grads[name]?.dataSync() ?? [])]).toEqual([...(stock.grads[name]?.dataSync() ?? [])]);
  });
});
