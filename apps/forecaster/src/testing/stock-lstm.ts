import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { LstmEngine } from '../models/lstm/network.ts';

/** `tf.layers.lstm` as an engine, on whatever backend is chosen: what ours is compared with. */
export const stockEngine: LstmEngine = ({ steps, inputs, units }, weights) => {
  const layer = layers.layers.lstm({
    units,
    recurrentActivation: 'sigmoid',
    kernelInitializer: 'zeros',
    recurrentInitializer: 'zeros',
  });
  tf.tidy(() => {
    layer.apply(tf.zeros([1, steps, inputs]));
    layer.setWeights([
      tf.tensor2d(weights.kernel, [inputs, 4 * units]),
      tf.tensor2d(weights.recurrent, [units, 4 * units]),
      tf.tensor1d(weights.bias),
    ]);
  });
  const [kernel, recurrent, bias] = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  if (!kernel || !recurrent || !bias) throw new RangeError('an LSTM has three weights');
  return {
    variables: { kernel, recurrent, bias },
    apply: (x, rows) => layer.apply(tf.tensor3d(x, [rows, steps, inputs])) as tf.Tensor2D,
  };
};
