import { parsePageCursor, toPageCursor } from '@candlecast/domain';
import { loadInstrument } from '../market/find-instruments.ts';
import { toKnownBook } from '../market/load-books.ts';
import { behind, toTimeRange } from '../market/time-range.ts';
import { builder } from './builder.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost, readCursor, toConnection, toPageRequest } from './row-pages.ts';
import { TopOfBookRef } from './top-of-book.ts';

builder.queryField('topOfBookHistory', (t) =>
  t.connection(
    {
      type: TopOfBookRef,
      description:
        'Stored tops of the book, oldest first: one a second in which it changed. A second without one had the values of the one before. ' +
        `${DEFAULT_PAGE_ROWS} a page unless \`first\` or \`last\` says otherwise, at most ${MAX_PAGE_ROWS}.`,
      args: {
        symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
        from: t.arg({ type: 'DateTime', required: true, description: 'First moment, inclusive.' }),
        to: t.arg({ type: 'DateTime', required: true, description: 'End, exclusive.' }),
      },
      complexity: pageCost,
      resolve: async (_, args, context) => {
        const page = toPageRequest(args, 'oldest');
        const range = behind(
          toTimeRange(args.from, args.to),
          readCursor(page.after, parsePageCursor),
          readCursor(page.before, parsePageCursor),
        );
        const { id } = await loadInstrument(context, args.symbol);
        const found = await context.books.findBooks({ instrumentId: id, range, limit: page.limit + 1, take: page.take });
        return toConnection(found.map(toKnownBook), page, ({ receivedAt }) => toPageCursor(receivedAt));
      },
    },
    { name: 'TopOfBookConnection' },
    { name: 'TopOfBookEdge' },
  ),
);
