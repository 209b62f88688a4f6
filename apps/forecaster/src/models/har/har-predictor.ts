import { addMs, MINUTE_MS, type Model } from '@candlecast/domain';
import type { ServedHorizon } from '../../features/feature-schema.ts';
import { LIVE_BARS } from '../../features/live-bars.ts';
import type { BarKeeper } from '../../serve/bar-keeper.ts';
import type { Predictor } from '../predictor.ts';
import { type HarModel, toHarGrid } from './har-file.ts';
import type { HarMachine } from './har-machine.ts';

/**
 * Returns the predictor of a fitted HAR-S. Between two bars it says of the newest price what it said at the newest bar's close: its volatility
 * is that of the bars.
 */
export function createHarPredictor(model: Model, har: HarModel, keeper: Pick<BarKeeper<HarMachine>, 'advance' | 'find'>): Predictor {
  return {
    model,
    horizons: LIVE_BARS.horizons as readonly ServedHorizon[],
    prepare: (closes) => keeper.advance(closes),
    toInput: (series, end, instrumentId) =>
      keeper.find({ instrumentId, asOf: addMs(series.firstOpenTime, (end + 1) * MINUTE_MS) })?.input(),
    predict: async (inputs) => inputs.map((input) => toHarGrid(har, input)),
  };
}
