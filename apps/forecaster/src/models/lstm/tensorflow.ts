import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// For its side effect: it registers the gradients of the core's operations, which the core's own Node build leaves out.
import '@tensorflow/tfjs-layers';

/** Chooses TensorFlow.js's plain CPU backend: the heavy work runs in our kernel. Production mode drops its advice to install tfjs-node. */
export async function prepareTensorflow(): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
}
