import { parsePlaceCursor, toPlaceCursor } from '@candlecast/domain';
import { loadInstrument } from '../market/find-instruments.ts';
import { behind, toTimeRange } from '../market/time-range.ts';
import { builder } from './builder.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost, readCursor, toConnection, toPageRequest } from './row-pages.ts';
import { TradeRef } from './trade.ts';

builder.queryField('trades', (t) =>
  t.connection(
    {
      type: TradeRef,
      description:
        'Stored trades, oldest first. `first`/`after` page forward from the beginning of the range, `last`/`before` backward from its end; ' +
        `without either the newest ${DEFAULT_PAGE_ROWS}. At most ${MAX_PAGE_ROWS} a page. Kept for seven days unless set otherwise.`,
      args: {
        symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
        from: t.arg({ type: 'DateTime', description: 'First moment, inclusive; the beginning of what is stored when absent.' }),
        to: t.arg({ type: 'DateTime', description: 'End, exclusive; now when absent.' }),
      },
      complexity: pageCost,
      resolve: async (_, args, context) => {
        const page = toPageRequest(args, 'newest');
        const after = readCursor(page.after, parsePlaceCursor);
        const before = readCursor(page.before, parsePlaceCursor);
        // A place is a time and an id: the reader goes on behind the one at its end, the range bounds the other side.
        const isForward = page.take === 'oldest';
        const range = behind(toTimeRange(args.from, args.to), isForward ? undefined : after?.time, isForward ? before?.time : undefined);
        const place = isForward ? after : before;
        const { id } = await loadInstrument(context, args.symbol);
        const found = await context.trades.findTrades({
          instrumentId: id,
          range,
          limit: page.limit + 1,
          take: page.take,
          ...(place && { beyond: { tradeTime: place.time, aggTradeId: place.id } }),
        });
        const shown = found.map((trade) => ({ ...trade, leftOut: 0 }));
        return toConnection(shown, page, ({ tradeTime, aggTradeId }) => toPlaceCursor({ time: tradeTime, id: aggTradeId }));
      },
    },
    { name: 'TradeConnection' },
    { name: 'TradeEdge' },
  ),
);
