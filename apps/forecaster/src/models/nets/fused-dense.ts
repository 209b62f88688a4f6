import * as tf from '@tensorflow/tfjs-core';
import { createGemm } from './gemm.ts';

const gemm = createGemm();

/**
 * Returns x·W + b for x [rows, inputs], W [inputs, units] and b [units], differentiable in all three. The products run in the compiled
 * kernel: at the sizes of these networks those of TensorFlow.js's CPU backend take several times as long.
 */
export function fusedDense(x: tf.Tensor2D, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor2D {
  const [rows, inputs] = x.shape;
  const units = kernel.shape[1] as number;
  const run = tf.customGrad((...given) => {
    const [xs, w, b] = (given.slice(0, 3) as tf.Tensor[]).map((tensor) => tensor.dataSync<'float32'>()) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const out = gemm.product(xs, w, rows, units, inputs);
    for (let at = 0, unit = 0; at < out.length; at++) {
      out[at] = (out[at] as number) + (b[unit] as number);
      if (++unit === units) unit = 0;
    }
    return {
      value: tf.tensor2d(out, [rows, units]),
      gradFunc: (outer: tf.Tensor) => {
        const dy = outer.dataSync<'float32'>();
        const db = new Float32Array(units);
        for (let at = 0, unit = 0; at < dy.length; at++) {
          db[unit] = (db[unit] as number) + (dy[at] as number);
          if (++unit === units) unit = 0;
        }
        return [
          tf.tensor2d(gemm.product(dy, transpose(w, inputs, units), rows, inputs, units), [rows, inputs]),
          tf.tensor2d(gemm.product(xs, dy, inputs, units, rows, true), [inputs, units]),
          tf.tensor1d(db),
        ];
      },
    };
  });
  return run(x, kernel, bias) as tf.Tensor2D;
}

function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) out[column * rows + row] = matrix[row * columns + column] as number;
  return out;
}
