import { QUANTILE_LEVELS } from '@candlecast/domain';

/** Quantiles of the standard normal distribution at QUANTILE_LEVELS. */
export const NORMAL_QUANTILES = [
  -1.959963984540054, -1.6448536269514722, -1.2815515655446004, -0.6744897501960817, 0, 0.6744897501960817, 1.2815515655446004,
  1.6448536269514722, 1.959963984540054,
] as const;

/** Position of the median among QUANTILE_LEVELS. */
export const MEDIAN = QUANTILE_LEVELS.indexOf(0.5);
