import * as tf from '@tensorflow/tfjs-core';

/** Moves variables along clipped gradients, with decoupled weight decay. */
export interface AdamW {
  /** Takes one step; `gradients` are by variable name. */
  step(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): void;
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Returns AdamW (Loshchilov and Hutter 2019) for variables of TensorFlow.js, whose own Adam has no weight decay and a fixed rate. */
export function createAdamW(variables: readonly tf.Variable[], weightDecay: number, clipNorm: number): AdamW {
  const moments = new Map(variables.map(({ name, size }) => [name, { first: new Float32Array(size), second: new Float32Array(size) }]));
  let steps = 0;
  return {
    step(gradients, learningRate) {
      steps += 1;
      const values = new Map(variables.map(({ name }) => [name, gradients[name]?.dataSync<'float32'>() ?? new Float32Array()]));
      let squares = 0;
      for (const gradient of values.values()) for (const value of gradient) squares += value * value;
      const factor = Math.min(1, clipNorm / (Math.sqrt(squares) + 1e-12));
      const [bias1, bias2] = [1 - BETA_1 ** steps, 1 - BETA_2 ** steps];
      for (const variable of variables) {
        const gradient = values.get(variable.name);
        const moment = moments.get(variable.name);
        if (!gradient || !moment) continue;
        const { first, second } = moment;
        const weights = variable.dataSync<'float32'>().slice();
        for (let index = 0; index < weights.length; index++) {
          const slope = (gradient[index] as number) * factor;
          first[index] = BETA_1 * (first[index] as number) + (1 - BETA_1) * slope;
          second[index] = BETA_2 * (second[index] as number) + (1 - BETA_2) * slope * slope;
          const move = (first[index] as number) / bias1 / (Math.sqrt((second[index] as number) / bias2) + EPSILON);
          weights[index] = (weights[index] as number) * (1 - learningRate * weightDecay) - learningRate * move;
        }
        tf.tidy(() => variable.assign(tf.tensor(weights, variable.shape)));
      }
    },
  };
}
