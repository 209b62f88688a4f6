import type { LadderModel } from './ladder-model.ts';
import { scaledQuantiles } from './scaled-quantiles.ts';
import { seriesModel, sigmaOf, writeNormal } from './series-model.ts';

/** The name of the reference: skill is 1 − CRPS ÷ its CRPS. */
export const REFERENCE_NAME = 'ewma-normal';

/** Normal quantiles around the last price, as wide as the tuned EWMA of squared returns: the reference of every skill. */
export const ewmaNormal: LadderModel = seriesModel({
  name: REFERENCE_NAME,
  family: 'quantile',
  description: 'Normal around the last price, sigma by the EWMA with the decay tuned for each horizon: the reference',
  fit: (trained) => ({
    card: { decays: trained.schema.decays },
    forecast: (set, s) => (bar, horizon, out) => writeNormal(out, 0, sigmaOf(set, s, bar, horizon)),
  }),
});

/** The same with the decay of RiskMetrics at every horizon. */
export const ewma94: LadderModel = seriesModel({
  name: 'ewma-94',
  family: 'quantile',
  description: 'Normal around the last price, decay 0.94 a bar at every horizon',
  fit: () => ({
    card: { decay: 0.94 },
    forecast: (set, s) => (bar, horizon, out) =>
      writeNormal(out, 0, (set.baseSigmas[s * set.bars + bar] as number) * Math.sqrt(set.schema.horizonBars[horizon] as number)),
  }),
});

/** Filtered historical simulation: the tuned EWMA with the shape of the last 90 days. */
export const fhs: LadderModel = seriesModel({
  name: 'fhs',
  family: 'quantile',
  description: 'Tuned EWMA sigma times the empirical quantiles of the last 90 days of return ÷ sigma',
  fit: () => ({
    card: {},
    forecast: (set, s) =>
      scaledQuantiles(
        set,
        s,
        set.schema.horizons.map((_, horizon) => Float64Array.from({ length: set.bars }, (__, bar) => sigmaOf(set, s, bar, horizon))),
      ),
  }),
});
