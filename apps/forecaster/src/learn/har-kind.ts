import type { BarSource } from '../dataset/stored-bars.ts';
import { LIVE_BARS } from '../features/live-bars.ts';
import { parseHarFile } from '../models/har/har-file.ts';
import { createHarMachine } from '../models/har/har-machine.ts';
import { createHarPredictor } from '../models/har/har-predictor.ts';
import { harS } from '../models/ladder/har.ts';
import { createBarKeeper } from '../serve/bar-keeper.ts';
import type { BarModelKind } from './bar-learner.ts';
import { FIRST_HAR_S } from './training-plans.ts';

/** Origins that make a first fit worth it: a week's. */
const LEAST_ORIGIN_BARS = 7 * LIVE_BARS.dayBars;

/** Returns how HAR-S comes to serve. */
export function createHarKind(candles: BarSource): BarModelKind {
  return {
    name: harS.name,
    firstTraining: FIRST_HAR_S.kind,
    leastHistoryMs: (LIVE_BARS.warmup + LEAST_ORIGIN_BARS + Math.max(...LIVE_BARS.horizonBars)) * LIVE_BARS.stepMs,
    async open(model, file) {
      const har = parseHarFile(file);
      const places = new Map(har.instruments.map(({ id, coefficients }, place) => [id, { place, coefficients }]));
      const keeper = createBarKeeper(candles, (id) => {
        const own = places.get(id);
        return own && createHarMachine(own.place, own.coefficients);
      });
      return {
        predictor: createHarPredictor(model, har, keeper),
        load: keeper.load,
        note: keeper.note,
        release: async () => undefined,
      };
    },
  };
}
