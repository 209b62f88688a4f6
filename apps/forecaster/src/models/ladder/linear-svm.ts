import { createRandom } from '../random.ts';
import { type DirectionRows, directionModel } from './direction-model.ts';
import { nelderMead } from './nelder-mead.ts';

const EPOCHS = 3;
const PENALTY = 1e-3;

/** A linear support vector machine of the direction (Pegasos, averaged), its margin turned into a probability on the validation rows (Platt). */
export const linearSvm = directionModel({
  name: 'linear-svm',
  description: 'Linear support vector machine of the direction on the context; probabilities by a logistic curve over the margin',
  fit(training, validation, seed) {
    const weights = train(training, seed);
    const margins = Float64Array.from(validation.isUp, (_, index) => margin(weights, validation.inputs, index));
    const { at } = nelderMead(
      ([slope, shift]) => {
        let loss = 0;
        margins.forEach((value, index) => {
          const score = (slope as number) * value + (shift as number);
          loss += Math.log1p(Math.exp(validation.isUp[index] ? -score : score));
        });
        return loss / Math.max(1, margins.length);
      },
      [0.1, 0.01],
    );
    const [slope, shift] = at as [number, number];
    return {
      card: { rows: training.isUp.length, slope, shift },
      classify: (inputs) => 1 / (1 + Math.exp(-(slope * margin(weights, inputs, 0) + shift))),
    };
  },
});

function train({ width, inputs, isUp }: DirectionRows, seed: number): Float64Array {
  const random = createRandom(seed);
  const weights = new Float64Array(width);
  const average = new Float64Array(width);
  const order = Uint32Array.from(isUp, (_, index) => index);
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    random.shuffle(order);
    for (const index of order) {
      step += 1;
      const rate = 1 / (PENALTY * (step + 1 / PENALTY));
      const sign = isUp[index] ? 1 : -1;
      const isWrong = sign * margin(weights, inputs, index) < 1;
      for (let column = 0; column < width; column++) {
        const pull = isWrong ? rate * sign * (inputs[index * width + column] as number) : 0;
        weights[column] = (weights[column] as number) * (1 - rate * PENALTY) + pull;
        average[column] = (average[column] as number) + ((weights[column] as number) - (average[column] as number)) / step;
      }
    }
  }
  return average;
}

function margin(weights: Float64Array, inputs: Float32Array, index: number): number {
  let sum = 0;
  for (let column = 0; column < weights.length; column++)
    sum += (weights[column] as number) * (inputs[index * weights.length + column] as number);
  return sum;
}
