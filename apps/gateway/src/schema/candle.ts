import type { CandleNode } from '../live/stream-events.ts';
import { builder } from './builder.ts';

export const CandleRef = builder.objectRef<CandleNode>('Candle').implement({
  description:
    'Prices and volumes over one interval, exact. Fields beyond `baseVolume` are null where the source has OHLCV only. ' +
    'A minute without a trade is no gap: it repeats the previous close with zero volumes.',
  fields: (t) => ({
    openTime: t.expose('openTime', { type: 'DateTime', description: 'Start, inclusive.' }),
    closeTime: t.expose('closeTime', { type: 'DateTime', description: 'End, exclusive: the next open time.' }),
    open: t.expose('open', { type: 'Decimal', description: 'Price of the first trade.' }),
    high: t.expose('high', { type: 'Decimal', description: 'Highest price.' }),
    low: t.expose('low', { type: 'Decimal', description: 'Lowest price.' }),
    close: t.expose('close', { type: 'Decimal', description: 'Price of the last trade so far.' }),
    baseVolume: t.expose('baseVolume', { type: 'Decimal', description: 'Amount traded, in the base asset.' }),
    quoteVolume: t.expose('quoteVolume', { type: 'Decimal', nullable: true, description: 'Amount traded, in the quote asset.' }),
    tradeCount: t.exposeInt('tradeCount', { nullable: true, description: 'Number of trades.' }),
    takerBuyBaseVolume: t.expose('takerBuyBaseVolume', {
      type: 'Decimal',
      nullable: true,
      description: 'Part of `baseVolume` in which the buyer was the taker.',
    }),
    takerBuyQuoteVolume: t.expose('takerBuyQuoteVolume', {
      type: 'Decimal',
      nullable: true,
      description: 'Part of `quoteVolume` in which the buyer was the taker.',
    }),
    isClosed: t.exposeBoolean('isClosed', { description: 'Whether it is finished. Only closed candles are final.' }),
    revision: t.exposeInt('revision', { description: 'How often a closed value was corrected; of a roll-up, the sum over its minutes.' }),
    knownAt: t.expose('knownAt', { type: 'DateTime', description: "When we came to know these values, on the venue's clock." }),
    isFilled: t.boolean({
      description: 'True when there is no such candle: the close before it repeated by `fill: PREVIOUS_CLOSE`, with zero amounts.',
      resolve: ({ isFilled }) => isFilled ?? false,
    }),
    reconstructed: t.exposeBoolean('reconstructed', { description: 'True when it was fetched as history instead of received live.' }),
  }),
});
