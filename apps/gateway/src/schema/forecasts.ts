import { AppError, HORIZONS, parseHindcastId, parsePlaceCursor, splitInstrumentId, toPlaceCursor } from '@candlecast/domain';
import { toAsOf } from '../market/as-of.ts';
import { loadInstrument, loadInstruments } from '../market/find-instruments.ts';
import { toHindcastNode } from '../market/hindcast-node.ts';
import { toTimeRange } from '../market/time-range.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { ForecastRef } from './forecast.ts';
import { toModelId } from './model-id.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost, readCursor, toConnection, toPageRequest } from './row-pages.ts';

const AS_OF = 'As it stood then: no forecast that came later, no resolution that was not known or had not happened.';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Pages of forecasts, whatever list they are of. */
export const ForecastEdgeRef = builder.edgeObject({ type: ForecastRef, name: 'ForecastEdge' });
export const ForecastConnectionRef = builder.connectionObject({ type: ForecastRef, name: 'ForecastConnection' }, ForecastEdgeRef);

builder.queryField('forecast', (t) =>
  t.field({
    type: ForecastRef,
    nullable: true,
    description: 'A forecast or hindcast by its id; null when there is none. Not financial advice.',
    args: { id: t.arg.id({ required: true, description: 'As in `Forecast.id`.' }) },
    complexity: { field: 1, multiplier: 0 },
    resolve: async (_, { id }, context) => {
      const hindcast = parseHindcastId(id);
      if (hindcast) {
        const said = await context.hindcasts.findHindcast(hindcast);
        return said && toHindcastNode(said);
      }
      if (!UUID.test(id)) throw new AppError('BAD_USER_INPUT', `"${id.slice(0, 60)}" is not the id of a forecast`);
      const found = await context.forecasts.findForecast(id);
      return found && (await context.nodes.ofForecasts([found]))[0];
    },
  }),
);

builder.queryField('latestForecasts', (t) =>
  t.field({
    type: [ForecastRef],
    description:
      'The newest forecast of each instrument and horizon: a trained model’s where there is one, else the baseline’s under its own name. ' +
      'Not financial advice.',
    args: {
      symbols: t.arg.idList({ required: true, description: '1 to 50.' }),
      horizons: t.arg({ type: ['Horizon'], description: 'Every horizon when absent.' }),
      asOf: t.arg({ type: AsOfInputRef, description: AS_OF }),
    },
    complexity: ({ symbols, horizons }) => ({ field: symbols.length * (horizons?.length ?? HORIZONS.length), multiplier: 0 }),
    resolve: async (_, { symbols, horizons, asOf: args }, context) => {
      const instruments = await loadInstruments(context, symbols);
      const venue = instruments[0]?.venue;
      const asOf = args && venue ? toAsOf(args, await context.venues.now(venue)) : undefined;
      const ids = instruments.map(({ id }) => id);
      return context.nodes.ofForecasts(await context.forecasts.findLatestForecasts(ids, horizons ?? HORIZONS, asOf), asOf);
    },
  }),
);

builder.queryField('forecasts', (t) =>
  t.connection(
    {
      type: ForecastRef,
      description:
        'Forecasts of an instrument in the order of `asOf`, with what came of them. `first`/`after` page forward from the beginning, ' +
        '`last`/`before` backward from the end; without either the newest ' +
        `${DEFAULT_PAGE_ROWS}. At most ${MAX_PAGE_ROWS} a page. ` +
        'Nothing is ever left out or changed because it turned out wrong. Not financial advice.',
      args: {
        symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
        modelId: t.arg.id({ description: 'Only of this model; of every one when absent.' }),
        horizon: t.arg({ type: 'Horizon', description: 'Only this horizon; every one when absent.' }),
        issuedFrom: t.arg({ type: 'DateTime', description: 'Issued at or after this.' }),
        issuedTo: t.arg({ type: 'DateTime', description: 'Issued before this.' }),
        asOf: t.arg({ type: AsOfInputRef, description: AS_OF }),
      },
      complexity: pageCost,
      resolve: async (_, args, context) => {
        const page = toPageRequest(args, 'newest');
        const cursor = readCursor(page.take === 'oldest' ? page.after : page.before, parsePlaceCursor);
        if ((page.take === 'oldest' ? page.before : page.after) !== undefined) {
          throw new AppError('BAD_USER_INPUT', 'page with first and after, or with last and before');
        }
        const { id } = await loadInstrument(context, args.symbol);
        const asOf = toAsOf(args.asOf, await context.venues.now(splitInstrumentId(id).venue));
        const found = await context.forecasts.findForecasts({
          instrumentId: id,
          horizons: args.horizon == null ? HORIZONS : [args.horizon],
          modelId: toModelId(args.modelId),
          issued: toTimeRange(args.issuedFrom, args.issuedTo),
          asOf,
          limit: page.limit + 1,
          take: page.take,
          beyond: cursor && { asOf: cursor.time, ledgerSeq: cursor.id },
        });
        const nodes = await context.nodes.ofOutcomes(found, asOf);
        return toConnection(nodes, page, (node) => toPlaceCursor({ time: node.asOf, id: node.ledgerSeq }));
      },
    },
    ForecastConnectionRef,
    ForecastEdgeRef,
  ),
);
