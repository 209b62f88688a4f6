import { AppError, HORIZONS, parsePlaceCursor, toPlaceCursor } from '@candlecast/domain';
import { loadInstrument } from '../market/find-instruments.ts';
import { toHindcastNode } from '../market/hindcast-node.ts';
import { toTimeRange } from '../market/time-range.ts';
import { builder } from './builder.ts';
import { ForecastRef } from './forecast.ts';
import { ForecastConnectionRef, ForecastEdgeRef } from './forecasts.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost, readCursor, toConnection, toPageRequest } from './row-pages.ts';

builder.queryField('hindcasts', (t) =>
  t.connection(
    {
      type: ForecastRef,
      description:
        'What a model would have said at moments of the past: made after the fact, each by a model whose training ended before its `asOf`. All are of kind ' +
        'HINDCAST; none is in the ledger, in a skill or in a track record. In the order of `asOf`, then of the horizon; `first`/`after` page forward, ' +
        `\`last\`/\`before\` backward; without either the first ${DEFAULT_PAGE_ROWS}, at most ${MAX_PAGE_ROWS} a page. Not financial advice.`,
      args: {
        symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
        from: t.arg({ type: 'DateTime', required: true, description: '`asOf` at or after this.' }),
        to: t.arg({ type: 'DateTime', required: true, description: '`asOf` before this.' }),
        horizon: t.arg({ type: 'Horizon', description: 'Only this horizon; every one when absent.' }),
      },
      complexity: pageCost,
      resolve: async (_, args, context) => {
        const page = toPageRequest(args, 'oldest');
        const cursor = readCursor(page.take === 'oldest' ? page.after : page.before, parsePlaceCursor);
        if ((page.take === 'oldest' ? page.before : page.after) !== undefined)
          throw new AppError('BAD_USER_INPUT', 'page with first and after, or with last and before');
        const behind = cursor && HORIZONS[cursor.id];
        if (cursor && !behind) throw new AppError('CURSOR_INVALID', 'the cursor names no hindcast');
        const { id } = await loadInstrument(context, args.symbol);
        const found = await context.hindcasts.findHindcasts({
          instrumentId: id,
          horizons: args.horizon == null ? HORIZONS : [args.horizon],
          range: toTimeRange(args.from, args.to),
          limit: page.limit + 1,
          take: page.take,
          beyond: cursor && behind && { asOf: cursor.time, horizon: behind },
        });
        return toConnection(found.map(toHindcastNode), page, ({ asOf, horizon }) =>
          toPlaceCursor({ time: asOf, id: HORIZONS.indexOf(horizon) }),
        );
      },
    },
    ForecastConnectionRef,
    ForecastEdgeRef,
  ),
);
