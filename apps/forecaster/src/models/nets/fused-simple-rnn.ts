import * as tf from '@tensorflow/tfjs-core';
import { addScaled, dotOf } from './float-loops.ts';

/** The weights of one simple recurrent layer: kernel [inputs, units], recurrent [units, units]. */
export interface SimpleRnnWeights {
  readonly kernel: tf.Variable;
  readonly recurrent: tf.Variable;
  readonly bias: tf.Variable;
}

/**
 * Returns the last states [rows, units] of h = tanh(x·W + h·U + b) over `x` [rows, steps, inputs], differentiable in the weights; `x` is data
 * and gets no gradient.
 */
export function fusedSimpleRnn(x: Float32Array, rows: number, steps: number, weights: SimpleRnnWeights): tf.Tensor2D {
  const [inputs, units] = weights.kernel.shape as [number, number];
  const run = tf.customGrad((...given) => {
    const tensors = given.slice(0, 3) as tf.Tensor[];
    const [kernel, recurrent, bias] = tensors.map((tensor) => tensor.dataSync<'float32'>()) as [Float32Array, Float32Array, Float32Array];
    const states = new Float32Array(rows * steps * units);
    const last = new Float32Array(rows * units);
    const state = new Float32Array(units);
    const sum = new Float32Array(units);
    for (let row = 0; row < rows; row++) {
      state.fill(0);
      for (let at = row * steps; at < (row + 1) * steps; at++) {
        sum.set(bias);
        for (let i = 0; i < inputs; i++) addScaled(sum, 0, x[at * inputs + i] as number, kernel, i * units, units);
        for (let u = 0; u < units; u++) addScaled(sum, 0, state[u] as number, recurrent, u * units, units);
        for (let u = 0; u < units; u++) state[u] = Math.tanh(sum[u] as number);
        states.set(state, at * units);
      }
      last.set(state, row * units);
    }
    return {
      value: tf.tensor2d(last, [rows, units]),
      gradFunc: (outer: tf.Tensor) => {
        const pulls = outer.dataSync<'float32'>();
        const gradients = [kernel, recurrent, bias].map(({ length }) => new Float32Array(length));
        const [dKernel, dRecurrent, dBias] = gradients as [Float32Array, Float32Array, Float32Array];
        const pull = new Float32Array(units);
        for (let row = 0; row < rows; row++) {
          pull.set(pulls.subarray(row * units, (row + 1) * units));
          for (let at = (row + 1) * steps - 1; at >= row * steps; at--) {
            for (let u = 0; u < units; u++) sum[u] = (pull[u] as number) * (1 - (states[at * units + u] as number) ** 2);
            for (let i = 0; i < inputs; i++) addScaled(dKernel, i * units, x[at * inputs + i] as number, sum, 0, units);
            addScaled(dBias, 0, 1, sum, 0, units);
            for (let u = 0; u < units; u++) {
              if (at > row * steps) addScaled(dRecurrent, u * units, states[(at - 1) * units + u] as number, sum, 0, units);
              pull[u] = dotOf(sum, 0, recurrent, u * units, units);
            }
          }
        }
        return gradients.map((gradient, index) => tf.tensor(gradient, (tensors[index] as tf.Tensor).shape));
      },
    };
  });
  return run(weights.kernel, weights.recurrent, weights.bias) as tf.Tensor2D;
}
