import type { Model } from '@candlecast/domain';
import { joinInput } from '../features/model-input.ts';
import { toSigmas } from '../features/sigma.ts';
import { toWindow } from '../features/to-window.ts';
import type { Predictor } from '../models/predictor.ts';
import type { OnnxSession } from './load-session.ts';

/** Returns the predictor of a trained model. Its input is the window of features, then the sigmas; a horizon without sigma has no forecast. */
export function createOnnxPredictor(model: Model, session: OnnxSession): Predictor {
  return {
    model,
    toInput(series, end) {
      const window = toWindow(series, end);
      return window && joinInput(window, toSigmas(series, end));
    },
    predict: (inputs) => session.run(inputs),
  };
}
