import { directionModel } from './direction-model.ts';
import { createNormalEquations, dot } from './least-squares.ts';

const STEPS = 6;
/** Strength of the penalty on the coefficients, as a share of the mean curvature. */
const RIDGE = 0.05;
const LARGEST_SCORE = 20;

/** Logistic regression of the direction, by iteratively reweighted least squares. */
export const logisticRegression = directionModel({
  name: 'logistic-regression',
  description: 'Logistic regression of the direction on the context, ridge penalty',
  fit({ width, inputs, isUp }) {
    let coefficients = new Float64Array(width);
    const row = new Float64Array(width);
    for (let step = 0; step < STEPS && isUp.length > width; step++) {
      const equations = createNormalEquations(width);
      for (let index = 0; index < isUp.length; index++) {
        row.set(inputs.subarray(index * width, (index + 1) * width));
        const score = clip(dot(coefficients, row));
        const p = toProbability(score);
        const weight = p * (1 - p);
        equations.add(row, score + ((isUp[index] as number) - p) / weight, weight);
      }
      coefficients = new Float64Array(equations.solve(RIDGE));
    }
    return {
      card: { rows: isUp.length },
      classify(input) {
        row.set(input);
        return toProbability(clip(dot(coefficients, row)));
      },
    };
  },
});

function toProbability(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

function clip(score: number): number {
  return Math.max(-LARGEST_SCORE, Math.min(LARGEST_SCORE, score));
}
