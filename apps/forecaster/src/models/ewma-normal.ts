import type { Model } from '@candlecast/domain';
import { FEATURE_SCHEMA, SERVED_HORIZONS } from '../features/feature-schema.ts';
import { INPUT_LAYOUTS } from '../features/model-input.ts';
import { DECAYS, toSigmas } from '../features/sigma.ts';
import { NORMAL_QUANTILES } from './normal.ts';
import type { Predictor } from './predictor.ts';

/** How the naive forecast is registered. Its version changes whenever what it computes does. */
export const EWMA_NORMAL: Omit<Model, 'id' | 'createdAt'> = {
  name: 'ewma-normal',
  version: '1',
  kind: 'BASELINE',
  sha256: null,
  artifactPath: null,
  trainedFrom: null,
  trainedThrough: null,
  featureSchema: FEATURE_SCHEMA,
  card: {
    description: 'The last price is the median; normal quantiles around it, as wide as recent squared 1m returns, newest weighing most',
    horizons: SERVED_HORIZONS,
    decayPerMinute: DECAYS,
    input: INPUT_LAYOUTS.sigmas,
  },
};

/** Returns the predictor of the naive forecast: quantile = z · sigma at every horizon whose span is stored. Its input is the sigmas. */
export function createEwmaNormal(model: Model): Predictor {
  return {
    model,
    toInput(series, end) {
      const sigmas = toSigmas(series, end);
      return sigmas.every(Number.isNaN) ? undefined : sigmas;
    },
    predict: async (inputs) =>
      inputs.map((sigmas) => Float64Array.from([...sigmas].flatMap((sigma) => NORMAL_QUANTILES.map((quantile) => quantile * sigma)))),
  };
}
