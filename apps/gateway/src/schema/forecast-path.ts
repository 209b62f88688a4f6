import { AppError, addMs, DAY_MS, type EpochMs, type InstrumentId, type PathWidening, splitInstrumentId, toIso } from '@candlecast/domain';
import type { GatewayContext } from '../context.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import type { ForecastNode } from '../market/forecast-nodes.ts';
import { type ForecastPath, type PathBand, toForecastPath, toJointBands } from '../market/forecast-path.ts';
import { toHindcastNode } from '../market/hindcast-node.ts';
import { toChartNumber } from '../market/to-chart-number.ts';
import { builder } from './builder.ts';
import { DISCLAIMER, ForecastKindEnum } from './forecast.ts';
import { ModelRef } from './model.ts';

/** Measured daily; an older one says too little of the present. */
const WIDENING_DAYS = 3;
/** The minutes of a day. */
const COST_ROWS = 1_440;

interface PathNode {
  readonly symbol: InstrumentId;
  readonly model: ForecastNode['model'];
  readonly kind: ForecastNode['kind'];
  readonly first: Pick<ForecastNode, 'asOf' | 'issuedAt' | 'refPrice'>;
  readonly path: ForecastPath;
  readonly widening: Pick<PathWidening, 'factors'> | null;
}

const PathBandRef = builder.objectRef<PathBand>('PathBand').implement({
  description:
    'A band of a path. Of `bands` it holds each minute by itself with its probability; a whole path leaves it more often. Of `jointBands` it holds the whole path.',
  fields: (t) => ({
    level: t.exposeFloat('level', { description: 'Probability that the price of a minute, or that the whole path, lies in it.' }),
    lower: t.expose('lower', { type: ['Float'], description: 'Prices, in the order of `t`.' }),
    upper: t.expose('upper', { type: ['Float'], description: 'Prices, in the order of `t`.' }),
  }),
});

const ForecastPathRef = builder.objectRef<PathNode>('ForecastPath').implement({
  description:
    'A forecast of every minute of the next day, in columns of numbers for charts. At the served horizons it is the forecasts in the ledger, or hindcasts; between ' +
    'two of them each level’s log-return over the root of time is a straight line, and before the shortest it is what it is there. ' +
    DISCLAIMER,
  fields: (t) => ({
    symbol: t.exposeID('symbol', { description: 'The instrument: "VENUE:SYMBOL".' }),
    kind: t.expose('kind', { type: ForecastKindEnum, description: 'Whether it was said then. Show it beside the path.' }),
    asOf: t.field({ type: 'DateTime', description: 'Close time of the last candle used.', resolve: ({ first }) => first.asOf }),
    issuedAt: t.field({
      type: 'DateTime',
      description: 'When it was stored, on the venue’s clock; of a HINDCAST, which was not, `asOf`.',
      resolve: ({ first }) => first.issuedAt,
    }),
    refPrice: t.field({ type: 'Decimal', description: 'Close of the last candle used.', resolve: ({ first }) => first.refPrice }),
    model: t.expose('model', { type: ModelRef, description: 'What made it.' }),
    t: t.field({
      type: ['Int'],
      description: 'Unix seconds, minute by minute.',
      resolve: ({ path }) => path.times.map((time: EpochMs) => time / 1_000),
    }),
    median: t.field({ type: ['Float'], description: 'Prices, in the order of `t`.', resolve: ({ path }) => path.median }),
    bands: t.field({ type: [PathBandRef], description: 'Of 50, 80, 90 and 95 %, narrowest first.', resolve: ({ path }) => path.bands }),
    jointBands: t.field({
      type: [PathBandRef],
      nullable: true,
      description:
        'Bands that 80 and 90 % of whole paths, hour by hour, stay inside: the outermost of `bands`, widened by what the paths of the last 90 days reached. Null for a ' +
        'HINDCAST, and where fewer than 500 paths of this model and instrument were over.',
      resolve: ({ path, widening }) => widening && toJointBands(path, widening),
    }),
    disclaimer: t.string({ description: 'What to show beside it.', resolve: () => DISCLAIMER }),
  }),
});

builder.queryField('forecastPath', (t) =>
  t.field({
    type: ForecastPathRef,
    description:
      'The newest forecast of the next 24 hours minute by minute, of the model that `latestForecasts` shows first. With `at` in the past as it was ' +
      'issued then, else a HINDCAST; NOT_FOUND where there is neither. Not financial advice.',
    args: {
      symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
      at: t.arg({ type: 'DateTime', description: 'As of then; now when absent.' }),
    },
    complexity: { field: COST_ROWS, multiplier: 0 },
    resolve: async (_, args, context): Promise<PathNode> => {
      const { id } = await loadInstrument(context, args.symbol);
      const { venue, symbol } = splitInstrumentId(id);
      const now = await context.venues.now(venue);
      const at = args.at ?? now;
      if (at > now) throw new AppError('BAD_USER_INPUT', `at is ${toIso(at)}, which lies after the venue's time ${toIso(now)}`);
      for (const modelId of await context.forecasts.findIssuingModels(venue, symbol, at)) {
        const fan = await context.forecasts.findFan(id, modelId, at);
        const [first] = fan;
        if (first) {
          const path = toForecastPath(fan, toChartNumber(first.refPrice));
          const model = await context.models.load(modelId);
          const widening = await findWidening(context.prisma, id, model.name, first.asOf);
          return { symbol: id, kind: 'ISSUED', model, first, path, widening };
        }
      }
      const fan = args.at == null ? [] : (await context.hindcasts.findHindcastFan(id, at)).map(toHindcastNode);
      const [first] = fan;
      if (first) {
        const path = toForecastPath(fan, toChartNumber(first.refPrice));
        return { symbol: id, kind: first.kind, model: first.model, first, path, widening: null };
      }
      throw new AppError('NOT_FOUND', `no forecast of ${id} for a day was issued in the day before ${toIso(at)}, nor has it a hindcast`);
    },
  }),
);

/** Returns the newest widening that was measured by `asOf`; null where there is none of the days before. */
function findWidening({ pathWidening }: GatewayContext['prisma'], id: InstrumentId, modelName: string, asOf: EpochMs) {
  return pathWidening.findFirst({
    where: {
      instrument: splitInstrumentId(id),
      modelName,
      madeAt: { lte: new Date(asOf), gte: new Date(addMs(asOf, -WIDENING_DAYS * DAY_MS)) },
    },
    orderBy: { madeAt: 'desc' },
    select: { factors: true },
  });
}
