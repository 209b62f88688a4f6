/** How far forecasts of levels are off. */
export interface LevelMetrics {
  readonly n: number;
  readonly mse: number;
  readonly rmse: number;
  readonly mae: number;
  /** Misleading on levels: the last price has more than 0.99. */
  readonly r2: number;
  /** Misleading on levels: it falls as the price rises. Share of 1; NaN for scaled values around zero. */
  readonly mape: number;
}

/** Compares what was said with what came, both of the same scale and length. */
export function toLevelMetrics(said: Float64Array, came: Float64Array): LevelMetrics {
  const n = came.length;
  const mean = came.reduce((sum, value) => sum + value, 0) / n;
  let [squares, absolute, spread, relative] = [0, 0, 0, 0];
  came.forEach((value, index) => {
    const error = (said[index] as number) - value;
    squares += error * error;
    absolute += Math.abs(error);
    spread += (value - mean) ** 2;
    relative += Math.abs(error / value);
  });
  return { n, mse: squares / n, rmse: Math.sqrt(squares / n), mae: absolute / n, r2: 1 - squares / spread, mape: relative / n };
}
