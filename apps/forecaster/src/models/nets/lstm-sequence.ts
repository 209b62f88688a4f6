import * as tf from '@tensorflow/tfjs-core';
import { createGemm } from './gemm.ts';

/** The weights of an LSTM layer in Keras layout: gates i, f, c, o; kernel [inputs, 4·units], recurrent [units, 4·units]. */
export interface LstmSequenceWeights {
  readonly kernel: tf.Variable;
  readonly recurrent: tf.Variable;
  readonly bias: tf.Variable;
}

interface Sizes {
  readonly rows: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

const gemm = createGemm();

/**
 * Returns every state [steps · rows, units] of an LSTM over `x` [steps · rows, inputs], both time-major, differentiable in `x` and the weights:
 * what a layer below another needs. The fused layer in `lstm/` is faster where the last state is enough and `x` is data.
 */
export function lstmSequence(x: tf.Tensor2D, rows: number, weights: LstmSequenceWeights): tf.Tensor2D {
  const [inputs, wide] = weights.kernel.shape as [number, number];
  const sizes = { rows, steps: x.shape[0] / rows, inputs, units: wide / 4 };
  const run = tf.customGrad((...given) => {
    const tensors = given.slice(0, 4) as tf.Tensor[];
    const values = tensors.map((tensor) => tensor.dataSync<'float32'>());
    const tape = forward(values, sizes);
    return {
      value: tf.tensor2d(tape.states, [sizes.steps * rows, sizes.units]),
      gradFunc: (outer: tf.Tensor) =>
        backward(values, tape, outer.dataSync<'float32'>(), sizes).map((gradient, index) =>
          tf.tensor(gradient, (tensors[index] as tf.Tensor).shape),
        ),
    };
  });
  return run(x, weights.kernel, weights.recurrent, weights.bias) as tf.Tensor2D;
}

/** Activated gates [steps · rows, 4 · units], cells and states [steps · rows, units]. */
interface Tape {
  readonly gates: Float32Array;
  readonly cells: Float32Array;
  readonly states: Float32Array;
}

function forward(values: readonly Float32Array[], { rows, steps, inputs, units }: Sizes): Tape {
  const [x, kernel, recurrent, bias] = values as [Float32Array, Float32Array, Float32Array, Float32Array];
  const wide = 4 * units;
  const gates = gemm.product(x, kernel, steps * rows, wide, inputs);
  const cells = new Float32Array(steps * rows * units);
  const states = new Float32Array(steps * rows * units);
  for (let step = 0; step < steps; step++) {
    const before = step === 0 ? undefined : states.subarray((step - 1) * rows * units, step * rows * units);
    const carried = before && gemm.product(before, recurrent, rows, wide, units);
    for (let row = 0; row < rows; row++) {
      const at = step * rows + row;
      const sum = (j: number) =>
        (gates[at * wide + j] as number) + (bias[j] as number) + (carried ? (carried[row * wide + j] as number) : 0);
      for (let u = 0; u < units; u++) {
        const [i, f, c, o] = [sigmoid(sum(u)), sigmoid(sum(units + u)), Math.tanh(sum(2 * units + u)), sigmoid(sum(3 * units + u))];
        const kept = step === 0 ? 0 : (cells[(at - rows) * units + u] as number);
        const cell = f * kept + i * c;
        cells[at * units + u] = cell;
        states[at * units + u] = o * Math.tanh(cell);
        gates[at * wide + u] = i;
        gates[at * wide + units + u] = f;
        gates[at * wide + 2 * units + u] = c;
        gates[at * wide + 3 * units + u] = o;
      }
    }
  }
  return { gates, cells, states };
}

function backward(values: readonly Float32Array[], { gates, cells, states }: Tape, outer: Float32Array, sizes: Sizes): Float32Array[] {
  const { rows, steps, inputs, units } = sizes;
  const [x, kernel, recurrent] = values as [Float32Array, Float32Array, Float32Array];
  const wide = 4 * units;
  const pulls = new Float32Array(steps * rows * wide);
  const transposed = transpose(recurrent, units, wide);
  let stateAfter = new Float32Array(rows * units);
  const cellAfter = new Float32Array(rows * units);
  for (let step = steps - 1; step >= 0; step--) {
    for (let row = 0; row < rows; row++) {
      const at = step * rows + row;
      for (let u = 0; u < units; u++) {
        const gate = (j: number) => gates[at * wide + j * units + u] as number;
        const [i, f, c, o] = [gate(0), gate(1), gate(2), gate(3)];
        const bent = Math.tanh(cells[at * units + u] as number);
        const state = (outer[at * units + u] as number) + (stateAfter[row * units + u] as number);
        const cell = (cellAfter[row * units + u] as number) + state * o * (1 - bent * bent);
        const kept = step === 0 ? 0 : (cells[(at - rows) * units + u] as number);
        pulls[at * wide + u] = cell * c * i * (1 - i);
        pulls[at * wide + units + u] = cell * kept * f * (1 - f);
        pulls[at * wide + 2 * units + u] = cell * i * (1 - c * c);
        pulls[at * wide + 3 * units + u] = state * bent * o * (1 - o);
        cellAfter[row * units + u] = cell * f;
      }
    }
    stateAfter = gemm.product(
      pulls.subarray(step * rows * wide, (step + 1) * rows * wide),
      transposed,
      rows,
      units,
      wide,
    ) as typeof stateAfter;
  }
  const before = new Float32Array(states.length);
  before.set(states.subarray(0, (steps - 1) * rows * units), rows * units);
  const dBias = new Float32Array(wide);
  for (let at = 0; at < pulls.length; at++) dBias[at % wide] = (dBias[at % wide] as number) + (pulls[at] as number);
  return [
    gemm.product(pulls, transpose(kernel, inputs, wide), steps * rows, inputs, wide),
    gemm.product(x, pulls, inputs, wide, steps * rows, true),
    gemm.product(before, pulls, units, wide, steps * rows, true),
    dBias,
  ];
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) out[column * rows + row] = matrix[row * columns + column] as number;
  return out;
}
