import { AppError, type ForecastReader, type Model } from '@candlecast/domain';

/** The models by id. A model never changes once it is stored, so each is read once. */
export interface Models {
  load(id: number): Promise<Model>;
}

/** Returns the models that `reader` knows. */
export function createModels(reader: ForecastReader): Models {
  const known = new Map<number, Model>();
  return {
    async load(id) {
      const model = known.get(id) ?? (await reader.findModel(id));
      if (!model) throw new AppError('model_missing', `forecasts name model ${id}, which is not stored`);
      known.set(id, model);
      return model;
    },
  };
}
