import { type Decimal, type MarketSummaryRow, splitInstrumentId, toDecimal } from '@candlecast/domain';
import { changeOf } from '../market/change-of.ts';
import { loadInstrumentsOrAll, MAX_SYMBOLS } from '../market/find-instruments.ts';
import { loadSummaries } from '../market/load-summaries.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { VenueEnum } from './enums.ts';

export const MarketSummaryRef = builder.objectRef<MarketSummaryRow>('MarketSummary').implement({
  description:
    'The last price and the 24 hours before now, or before the moment asked for, from stored 1m candles. Exact. Null where the 24 hours hold no candle or the source no such column.',
  fields: (t) => ({
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    venue: t.field({
      type: VenueEnum,
      description: 'Where its prices are made.',
      resolve: ({ instrumentId }) => splitInstrumentId(instrumentId).venue,
    }),
    lastPrice: t.field({ type: 'Decimal', description: 'Close of the newest closed minute.', resolve: (row) => toDecimal(row.lastPrice) }),
    lastTime: t.expose('lastTime', { type: 'DateTime', description: 'When that minute closed.' }),
    change24h: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Last price minus the price 24 hours ago.',
      resolve: (row) => changeOver24h(row)?.change ?? null,
    }),
    changePercent24h: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The same in percent, four decimals.',
      resolve: (row) => changeOver24h(row)?.percent ?? null,
    }),
    high24h: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Highest price.',
      resolve: ({ high24h }) => toDecimalOrNull(high24h),
    }),
    low24h: t.field({ type: 'Decimal', nullable: true, description: 'Lowest price.', resolve: ({ low24h }) => toDecimalOrNull(low24h) }),
    baseVolume24h: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Amount traded, in the base asset.',
      resolve: ({ baseVolume24h }) => toDecimalOrNull(baseVolume24h),
    }),
    quoteVolume24h: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Amount traded, in the quote asset.',
      resolve: ({ quoteVolume24h }) => toDecimalOrNull(quoteVolume24h),
    }),
    tradeCount24h: t.exposeInt('tradeCount24h', { nullable: true, description: 'Number of trades.' }),
    sparkline: t.field({
      type: ['Decimal'],
      description: 'Hourly closes, oldest first, at most 24.',
      resolve: ({ sparkline }) => sparkline.map(toDecimal),
    }),
  }),
});

builder.queryField('marketSummary', (t) =>
  t.field({
    type: [MarketSummaryRef],
    description: 'One row an instrument, in the order asked for; instruments without any candle are left out.',
    args: {
      symbols: t.arg.idList({ description: 'At most 50; every tracked instrument of the running venue when absent.' }),
      asOf: t.arg({ type: AsOfInputRef, description: 'A moment of the past: the 24 hours before it. By `knownAt` of at most 50 symbols.' }),
    },
    complexity: ({ symbols }) => ({ field: symbols?.length ?? MAX_SYMBOLS, multiplier: 0 }),
    resolve: async (_, { symbols, asOf }, context) => loadSummaries(context, await loadInstrumentsOrAll(context, symbols), asOf),
  }),
);

function changeOver24h({ lastPrice, open24h }: MarketSummaryRow) {
  return open24h === null ? undefined : changeOf(toDecimal(lastPrice), toDecimal(open24h));
}

function toDecimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : toDecimal(text);
}
