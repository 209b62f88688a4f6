import * as tf from '@tensorflow/tfjs-core';
import { addScaled, dotOf } from './float-loops.ts';

/** The weights of one GRU: gates z, r and candidate in this order; kernel [inputs, 3·units], gates [units, 2·units], candidate [units, units]. */
export interface GruWeights {
  readonly kernel: tf.Variable;
  readonly gates: tf.Variable;
  readonly candidate: tf.Variable;
  readonly bias: tf.Variable;
}

interface Sizes {
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

/**
 * Returns the last states [rows, units] of a GRU over `x` [rows, steps, inputs], differentiable in the weights; `x` is data and gets no
 * gradient. h = n + z·(h − n), n = tanh(x·Wn + (r·h)·Un + b): the reset before the product, as in Cho et al. (2014). One loop over the
 * rows replaces thousands of tensor operations.
 */
export function fusedGru(x: Float32Array, rows: number, steps: number, weights: GruWeights): tf.Tensor2D {
  const [inputs, wide] = weights.kernel.shape as [number, number];
  const sizes = { steps, inputs, units: wide / 3 };
  const run = tf.customGrad((...given) => {
    const tensors = given.slice(0, 4) as tf.Tensor[];
    const values = tensors.map((tensor) => tensor.dataSync<'float32'>());
    const tape = forward(x, rows, sizes, values);
    return {
      value: tf.tensor2d(lastStates(tape, rows, sizes), [rows, sizes.units]),
      gradFunc: (outer: tf.Tensor) => {
        const gradients = backward(x, rows, sizes, values, tape, outer.dataSync<'float32'>());
        return gradients.map((gradient, index) => tf.tensor(gradient, (tensors[index] as tf.Tensor).shape));
      },
    };
  });
  return run(weights.kernel, weights.gates, weights.candidate, weights.bias) as tf.Tensor2D;
}

/** What the backward pass needs of each row and step: z, r and n one after the other, and the state after the step. */
interface Tape {
  readonly activations: Float32Array;
  readonly states: Float32Array;
}

function lastStates({ states }: Tape, rows: number, { steps, units }: Sizes): Float32Array {
  const last = new Float32Array(rows * units);
  for (let row = 0; row < rows; row++) last.set(states.subarray((row * steps + steps - 1) * units, (row + 1) * steps * units), row * units);
  return last;
}

function forward(x: Float32Array, rows: number, { steps, inputs, units }: Sizes, weights: readonly Float32Array[]): Tape {
  const [kernel, gates, candidate, bias] = weights as [Float32Array, Float32Array, Float32Array, Float32Array];
  const wide = 3 * units;
  const activations = new Float32Array(rows * steps * wide);
  const states = new Float32Array(rows * steps * units);
  const sum = new Float32Array(wide);
  const state = new Float32Array(units);
  for (let row = 0; row < rows; row++) {
    state.fill(0);
    for (let step = 0; step < steps; step++) {
      const at = row * steps + step;
      sum.set(bias);
      for (let i = 0; i < inputs; i++) addScaled(sum, 0, x[at * inputs + i] as number, kernel, i * wide, wide);
      for (let u = 0; u < units; u++) addScaled(sum, 0, state[u] as number, gates, u * 2 * units, 2 * units);
      for (let j = 0; j < 2 * units; j++) sum[j] = 1 / (1 + Math.exp(-(sum[j] as number)));
      for (let u = 0; u < units; u++)
        addScaled(sum, 2 * units, (sum[units + u] as number) * (state[u] as number), candidate, u * units, units);
      for (let u = 0; u < units; u++) {
        const n = Math.tanh(sum[2 * units + u] as number);
        sum[2 * units + u] = n;
        state[u] = n + (sum[u] as number) * ((state[u] as number) - n);
      }
      activations.set(sum, at * wide);
      states.set(state, at * units);
    }
  }
  return { activations, states };
}

function backward(
  x: Float32Array,
  rows: number,
  { steps, inputs, units }: Sizes,
  weights: readonly Float32Array[],
  { activations, states }: Tape,
  outer: Float32Array,
): Float32Array[] {
  const [, gates, candidate] = weights as [Float32Array, Float32Array, Float32Array];
  const gradients = weights.map(({ length }) => new Float32Array(length));
  const [dKernel, dGates, dCandidate, dBias] = gradients as [Float32Array, Float32Array, Float32Array, Float32Array];
  const wide = 3 * units;
  const pull = new Float32Array(units);
  const before = new Float32Array(units);
  const sums = new Float32Array(wide);
  for (let row = 0; row < rows; row++) {
    pull.set(outer.subarray(row * units, (row + 1) * units));
    for (let step = steps - 1; step >= 0; step--) {
      const at = row * steps + step;
      before.fill(0);
      if (step > 0) before.set(states.subarray((at - 1) * units, at * units));
      const act = (j: number) => activations[at * wide + j] as number;
      for (let u = 0; u < units; u++) {
        const [z, n, dh] = [act(u), act(2 * units + u), pull[u] as number];
        sums[u] = dh * ((before[u] as number) - n) * z * (1 - z);
        sums[2 * units + u] = dh * (1 - z) * (1 - n * n);
        pull[u] = dh * z;
      }
      for (let u = 0; u < units; u++) {
        const r = act(units + u);
        const dReset = dotOf(sums, 2 * units, candidate, u * units, units);
        sums[units + u] = dReset * (before[u] as number) * r * (1 - r);
        pull[u] = (pull[u] as number) + dReset * r;
        addScaled(dCandidate, u * units, r * (before[u] as number), sums, 2 * units, units);
      }
      for (let u = 0; u < units; u++) {
        pull[u] = (pull[u] as number) + dotOf(sums, 0, gates, u * 2 * units, 2 * units);
        addScaled(dGates, u * 2 * units, before[u] as number, sums, 0, 2 * units);
      }
      for (let i = 0; i < inputs; i++) addScaled(dKernel, i * wide, x[at * inputs + i] as number, sums, 0, wide);
      addScaled(dBias, 0, 1, sums, 0, wide);
    }
  }
  return gradients;
}
