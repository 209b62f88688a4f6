import { HORIZONS, type Model, type Quantile } from '@candlecast/domain';
import type { ForecastNode } from '../live/stream-events.ts';
import { loadInstruments } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { ForecastTimingEnum, ModelKindEnum } from './enums.ts';

const DISCLAIMER = 'Not financial advice. A forecast is a statement of a statistical model about the future; it may be wrong.';

const ModelRef = builder.objectRef<Model>('Model').implement({
  description: 'What made a forecast. A model never changes once it is named.',
  fields: (t) => ({
    id: t.id({ description: 'Stable id.', resolve: ({ id }) => `${id}` }),
    name: t.exposeString('name', { description: 'What it is called.' }),
    version: t.exposeString('version', { description: 'Which training of it.' }),
    kind: t.expose('kind', { type: ModelKindEnum, description: 'What kind of model.' }),
    sha256: t.exposeString('sha256', { nullable: true, description: 'Of the ONNX file; null for baselines, which have none.' }),
    trainedThrough: t.expose('trainedThrough', {
      type: 'DateTime',
      nullable: true,
      description: 'It has seen no candle that closed after this; null for what is not trained.',
    }),
  }),
});

const QuantileRef = builder.objectRef<Quantile>('Quantile').implement({
  description: 'The price stays below `value` with probability `level`.',
  fields: (t) => ({
    level: t.exposeFloat('level', { description: '0 to 1.' }),
    value: t.expose('value', { type: 'Decimal', description: 'Price, with the decimals of the reference price.' }),
    logReturn: t.exposeFloat('logReturn', { description: 'Log-return from the reference price, natural units.' }),
  }),
});

export const ForecastRef = builder.objectRef<ForecastNode>('Forecast').implement({
  description: 'What a model said, before the fact, about the price at `targetTime`, given the candles that closed by `asOf`.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Stable id.' }),
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    horizon: t.expose('horizon', { type: 'Horizon', description: 'How far ahead.' }),
    asOf: t.expose('asOf', { type: 'DateTime', description: 'Close time of the last candle used.' }),
    targetTime: t.expose('targetTime', { type: 'DateTime', description: '`asOf` plus the horizon.' }),
    issuedAt: t.expose('issuedAt', { type: 'DateTime', description: "When it was stored, on the venue's clock." }),
    timing: t.expose('timing', { type: ForecastTimingEnum, description: 'Whether it was stored in time.' }),
    refPrice: t.expose('refPrice', { type: 'Decimal', description: 'Close of the last candle used.' }),
    pUp: t.exposeFloat('pUp', { description: 'Probability that the price at `targetTime` is above `refPrice`.' }),
    quantiles: t.expose('quantiles', { type: [QuantileRef], description: 'Of the price at `targetTime`, upwards.' }),
    model: t.expose('model', { type: ModelRef, description: 'What made it.' }),
    inputHash: t.exposeString('inputHash', { description: 'SHA-256 of the exact input of the model, which is stored.' }),
    disclaimer: t.string({ description: 'What to show beside it.', resolve: () => DISCLAIMER }),
  }),
});

builder.queryField('latestForecasts', (t) =>
  t.field({
    type: [ForecastRef],
    description:
      'The newest forecast of each instrument and horizon: a trained model’s where there is one, else the baseline’s under its own name.',
    args: {
      symbols: t.arg.idList({ required: true, description: '1 to 50.' }),
      horizons: t.arg({ type: ['Horizon'], description: 'Every horizon when absent.' }),
    },
    complexity: ({ symbols, horizons }) => ({ field: symbols.length * (horizons?.length ?? HORIZONS.length), multiplier: 0 }),
    resolve: async (_, { symbols, horizons }, context) => {
      const instruments = await loadInstruments(context, symbols);
      const ids = instruments.map(({ id }) => id);
      const found = await context.forecasts.findLatestForecasts(ids, horizons ?? HORIZONS);
      return Promise.all(found.map(async (forecast) => ({ ...forecast, model: await context.models.load(forecast.modelId) })));
    },
  }),
);
