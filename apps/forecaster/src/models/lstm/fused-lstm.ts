import * as tf from '@tensorflow/tfjs-core';
import type { LstmWeights, LstmWorkspace } from './workspace.ts';

/** The trainable weights of one LSTM layer, in Keras layout. */
export interface LstmVariables {
  readonly kernel: tf.Variable;
  readonly recurrent: tf.Variable;
  readonly bias: tf.Variable;
}

/**
 * Returns the last outputs [rows, units] of an LSTM over `x` [rows, steps, inputs], differentiable in the weights; `x` is data and
 * gets no gradient. One call of the compiled kernel replaces thousands of tensor operations; `tf.layers.lstm` with `recurrentActivation:
 * 'sigmoid'` is its specification. The gradient must be taken before the workspace's next call.
 */
export function fusedLstm(workspace: LstmWorkspace, x: Float32Array, rows: number, weights: LstmVariables): tf.Tensor2D {
  const units = weights.recurrent.shape[0] ?? 0;
  const run = tf.customGrad((...inputs) => {
    const [kernel, recurrent, bias] = inputs as tf.Tensor[];
    if (!kernel || !recurrent || !bias) throw new RangeError('an LSTM has three weights');
    const values: LstmWeights = { kernel: read(kernel), recurrent: read(recurrent), bias: read(bias) };
    return {
      value: tf.tensor2d(workspace.forward(x, rows, values), [rows, units]),
      gradFunc: (outputGradient: tf.Tensor) => {
        const gradient = workspace.backward(read(outputGradient));
        return [
          tf.tensor(gradient.kernel, kernel.shape),
          tf.tensor(gradient.recurrent, recurrent.shape),
          tf.tensor(gradient.bias, bias.shape),
        ];
      },
    };
  });
  return run(weights.kernel, weights.recurrent, weights.bias) as tf.Tensor2D;
}

function read(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync<'float32'>();
}
