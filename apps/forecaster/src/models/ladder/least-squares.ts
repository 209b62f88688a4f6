import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** The normal equations of a linear regression, gathered row by row: memory does not grow with the rows. */
export interface NormalEquations {
  add(inputs: Float64Array, target: number, weight?: number): void;
  readonly rows: number;
  /** Returns the coefficients; `ridge` is added to the diagonal as a share of its mean, so that columns that repeat each other are no harm. */
  solve(ridge?: number): Float64Array;
}

const LEAST_RIDGE = 1e-9;

/** Returns empty normal equations of `width` inputs. A constant is an input like any other. */
export function createNormalEquations(width: number): NormalEquations {
  const gram = new Float64Array(width * width);
  const moments = new Float64Array(width);
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    add(inputs, target, weight = 1) {
      rows += 1;
      for (let i = 0; i < width; i++) {
        const left = weight * (inputs[i] as number);
        moments[i] = (moments[i] as number) + left * target;
        for (let j = i; j < width; j++) gram[i * width + j] = (gram[i * width + j] as number) + left * (inputs[j] as number);
      }
    },
    solve(ridge = LEAST_RIDGE) {
      const matrix = Matrix.zeros(width, width);
      let trace = 0;
      for (let i = 0; i < width; i++) trace += gram[i * width + i] as number;
      for (let i = 0; i < width; i++) {
        for (let j = i; j < width; j++) {
          matrix.set(i, j, gram[i * width + j] as number);
          matrix.set(j, i, gram[i * width + j] as number);
        }
        matrix.set(i, i, (gram[i * width + i] as number) + (ridge * trace) / width);
      }
      return Float64Array.from(new CholeskyDecomposition(matrix).solve(Matrix.columnVector(moments)).to1DArray());
    },
  };
}

/** Returns the product of coefficients and inputs. */
export function dot(coefficients: Float64Array, inputs: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < coefficients.length; i++) sum += (coefficients[i] as number) * (inputs[i] as number);
  return sum;
}
