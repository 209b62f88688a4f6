import { QUANTILE_LEVELS } from '@candlecast/domain';
import { createInstrumentFeatures } from '../../features/instrument-features.ts';
import { LIVE_BARS } from '../../features/live-bars.ts';
import type { BarMachine } from '../../serve/bar-keeper.ts';
import { fillHar, type HarCoefficients, harColumns, harSigma } from '../ladder/har-volatility.ts';
import { createOutcomeShape } from '../ladder/outcome-shape.ts';
import { toHarInput } from './har-file.ts';

/** HAR-S of one instrument, moved on bar by bar. */
export interface HarMachine extends BarMachine {
  /** What the model is given at the newest bar; undefined when that bar is missing or the instrument has not warmed up. */
  input(): Float32Array | undefined;
  /** The volatility of each horizon at the newest bar; NaN when it is missing. Overwritten by the next `push`. */
  readonly sigmas: Float64Array;
}

const { horizonBars, dayBars, warmup } = LIVE_BARS;
const LEVELS = QUANTILE_LEVELS.length;
const COLUMNS = horizonBars.map((_, horizon) => harColumns(LIVE_BARS, horizon, true));

/** Returns the machine of the instrument that stands at place `instrument` of the model's file, before its first bar. */
export function createHarMachine(instrument: number, coefficients: HarCoefficients): HarMachine {
  const features = createInstrumentFeatures(LIVE_BARS);
  const horizons = horizonBars.length;
  const room = Math.max(...horizonBars) + 1;
  const closes = new Float64Array(room).fill(Number.NaN);
  const former = new Float64Array(room * horizons).fill(Number.NaN);
  const shapes = horizonBars.map(() => createOutcomeShape(dayBars));
  const inputs = COLUMNS.map((columns) => new Float64Array(columns.length + 1));
  // As a data set keeps it: a model sees floats of 32 bits.
  const context = new Float32Array(features.context.length);
  const sigmas = new Float64Array(horizons).fill(Number.NaN);
  const written = new Float64Array(LEVELS);
  let bars = -1;

  return {
    sigmas,
    push(openTime, bar) {
      features.push(openTime, bar);
      bars += 1;
      const place = bars % room;
      closes[place] = bar?.logClose ?? Number.NaN;
      context.set(features.context);
      for (const [horizon, ahead] of horizonBars.entries()) {
        const origin = (bars - ahead + room) % room;
        const ratio = ((closes[place] as number) - (closes[origin] as number)) / (former[origin * horizons + horizon] as number);
        shapes[horizon]?.push(bars < ahead ? Number.NaN : ratio);
        sigmas[horizon] = features.isKnown() ? toSigma(horizon, ahead) : Number.NaN;
      }
      former.set(sigmas, place * horizons);
    },
    input() {
      if (!features.isKnown() || features.known() < warmup) return undefined;
      const all = new Float64Array(horizons * LEVELS);
      for (const [horizon, shape] of shapes.entries()) {
        shape.write(written);
        all.set(written, horizon * LEVELS);
      }
      return toHarInput(instrument, features.baseSigma(), context, all);
    },
  };

  function toSigma(horizon: number, ahead: number): number {
    const own = inputs[horizon] as Float64Array;
    fillHar(own, context, 0, COLUMNS[horizon] as number[]);
    return harSigma(coefficients[horizon] as Float64Array, own, features.baseSigma(), ahead);
  }
}
