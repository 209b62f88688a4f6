import type { DataSet } from '../../dataset/data-set.ts';
import type { LadderModel, TrainingRows } from './ladder-model.ts';
import { seriesModel, sigmaOf, writeNormal } from './series-model.ts';

/** Returns the expected log return from a bar over a horizon of `bars` bars. */
export type Location = (bar: number, horizon: number) => number;

/** A model that says where the price will be and leaves to the tuned EWMA how far it may miss. */
export interface PointModel {
  readonly name: string;
  readonly description: string;
  fit(set: DataSet, rows: TrainingRows): { card: Record<string, unknown>; locate(set: DataSet, s: number): Location };
}

/** Returns a point model as a row of the ladder: its quantiles are the tuned EWMA-normal's, moved to its own location. */
export function pointModel(model: PointModel): LadderModel {
  return seriesModel({
    name: model.name,
    family: 'point',
    description: model.description,
    fit(trained, rows) {
      const { card, locate } = model.fit(trained, rows);
      return {
        card,
        forecast(set, s) {
          const location = locate(set, s);
          return (bar, horizon, out) => writeNormal(out, location(bar, horizon), sigmaOf(set, s, bar, horizon));
        },
      };
    },
  });
}
