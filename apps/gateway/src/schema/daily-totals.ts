import { type DailyTotalRow, parseKeyCursor, splitInstrumentId, toKeyCursor, type Venue } from '@candlecast/domain';
import { loadInstrumentsOrAll } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost, readCursor, toConnection, toPageRequest } from './row-pages.ts';

const DailyTotalRef = builder.objectRef<DailyTotalRow>('DailyTotal').implement({
  description: 'A UTC day of one instrument, exact. Null where the source has no such column.',
  fields: (t) => ({
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    tradeCount: t.exposeInt('tradeCount', { nullable: true, description: 'Number of trades.' }),
    baseVolume: t.expose('baseVolume', { type: 'Decimal', description: 'Amount traded, in the base asset.' }),
    quoteVolume: t.expose('quoteVolume', { type: 'Decimal', nullable: true, description: 'Amount traded, in the quote asset.' }),
    open: t.expose('open', { type: 'Decimal', description: 'Price of the first trade.' }),
    high: t.expose('high', { type: 'Decimal', description: 'Highest price.' }),
    low: t.expose('low', { type: 'Decimal', description: 'Lowest price.' }),
    close: t.expose('close', { type: 'Decimal', description: 'Price of the last trade so far.' }),
    isClosed: t.exposeBoolean('isClosed', { description: 'Whether the day is over and nothing of it is missing, recorded gaps aside.' }),
  }),
});

builder.queryField('dailyTotals', (t) =>
  t.connection(
    {
      type: DailyTotalRef,
      description:
        'What was traded on one UTC day, a row an instrument by symbol; instruments without a candle on it are left out. ' +
        `${DEFAULT_PAGE_ROWS} a page unless \`first\` or \`last\` says otherwise, at most ${MAX_PAGE_ROWS}.`,
      args: {
        day: t.arg({ type: 'Date', required: true, description: 'The day.' }),
        symbols: t.arg.idList({ description: 'At most 50; every tracked instrument of the running venue when absent.' }),
      },
      complexity: pageCost,
      resolve: async (_, args, context) => {
        const page = toPageRequest(args, 'oldest');
        const [after, before] = [readCursor(page.after, parseKeyCursor), readCursor(page.before, parseKeyCursor)];
        const instruments = await loadInstrumentsOrAll(context, args.symbols);
        const instrumentIds = instruments
          .toSorted((a, b) => compareNames(nameOf(a), nameOf(b)))
          .filter((one) => after === undefined || compareNames(nameOf(one), after) > 0)
          .filter((one) => before === undefined || compareNames(nameOf(one), before) < 0)
          .map(({ id }) => id);
        const take = page.take === 'oldest' ? 'first' : 'last';
        const found = await context.candles.findDailyTotals({ instrumentIds, day: args.day, limit: page.limit + 1, take });
        return toConnection(found, page, ({ instrumentId }) => toKeyCursor(nameOf(splitInstrumentId(instrumentId))));
      },
    },
    { name: 'DailyTotalConnection' },
    { name: 'DailyTotalEdge' },
  ),
);

/** The order of the list, and what a cursor names: the symbol, and the venue where two of them have it. */
function nameOf({ symbol, venue }: { readonly symbol: string; readonly venue: Venue }): string {
  return `${symbol} ${venue}`;
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
