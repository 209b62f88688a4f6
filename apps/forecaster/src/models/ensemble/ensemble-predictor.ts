import { type Model, QUANTILE_LEVELS } from '@candlecast/domain';
import { SERVED_HORIZONS, type ServedHorizon } from '../../features/feature-schema.ts';
import { LIVE_BARS, SERVED_PLACES } from '../../features/live-bars.ts';
import { MEDIAN } from '../normal.ts';
import type { Predictor, QuantileGrid } from '../predictor.ts';
import { writeEnsemble } from './combine.ts';
import type { EnsembleModel } from './ensemble-file.ts';

/** A member, and how many floats its input has. */
export interface EnsembleMember {
  readonly predictor: Predictor;
  readonly inputFloats: number;
}

const LEVELS = QUANTILE_LEVELS.length;
const GATES = LIVE_BARS.horizons.length;

/**
 * Returns the predictor of an ensemble. Its input is 1 or 0 for each horizon, whether the location is on, then the members' inputs in their order; it
 * says nothing where a member has no input.
 */
export function createEnsemblePredictor(model: Model, { open }: EnsembleModel, members: readonly EnsembleMember[]): Predictor {
  const offsets = members.map((_, index) => GATES + members.slice(0, index).reduce((sum, { inputFloats }) => sum + inputFloats, 0));
  const floats = GATES + members.reduce((sum, { inputFloats }) => sum + inputFloats, 0);
  return {
    model,
    horizons: LIVE_BARS.horizons as readonly ServedHorizon[],
    async prepare(closes) {
      for (const { predictor } of members) await predictor.prepare?.(closes);
    },
    toInput(series, end, instrumentId) {
      const input = new Float32Array(floats);
      LIVE_BARS.horizons.forEach((horizon, index) => {
        input[index] = open[instrumentId]?.includes(horizon) ? 1 : 0;
      });
      for (const [index, { predictor }] of members.entries()) {
        const own = predictor.toInput(series, end, instrumentId);
        if (!own) return undefined;
        input.set(own, offsets[index]);
      }
      return input;
    },
    async predict(inputs) {
      const said: QuantileGrid[][] = [];
      for (const [index, { predictor, inputFloats }] of members.entries()) {
        const from = offsets[index] as number;
        said.push(await predictor.predict(inputs.map((input) => input.slice(from, from + inputFloats))));
      }
      return inputs.map((input, row) =>
        combine(
          input,
          said.map((grids) => grids[row] as QuantileGrid),
        ),
      );
    },
  };
}

function combine(gates: Float32Array, grids: readonly QuantileGrid[]): QuantileGrid {
  const out = new Float64Array(SERVED_HORIZONS.length * LEVELS).fill(Number.NaN);
  SERVED_PLACES.forEach((place, horizon) => {
    const at = place * LEVELS;
    writeEnsemble(out, grids, at, gates[horizon] === 1 ? (grids[0]?.[at + MEDIAN] as number) : 0);
  });
  return out;
}
