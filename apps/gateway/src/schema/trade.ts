import { TAKER_SIDES } from '@candlecast/domain';
import type { ShownTrade } from '../market/trade-tape.ts';
import { builder } from './builder.ts';

const TakerSideEnum = builder.enumType('TakerSide', {
  description: 'Who crossed the spread: BUY took what was offered, SELL what was bid.',
  values: TAKER_SIDES,
});

export const TradeRef = builder.objectRef<ShownTrade>('Trade').implement({
  description: 'The trades of one taker order at one price, as the exchange aggregates them.',
  fields: (t) => ({
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    id: t.id({
      description: 'The exchange’s number of it; the numbers of an instrument follow each other without a hole.',
      resolve: ({ aggTradeId }) => `${aggTradeId}`,
    }),
    time: t.expose('tradeTime', { type: 'DateTime', description: 'When, on the venue’s clock.' }),
    price: t.expose('price', { type: 'Decimal', description: 'At which price.' }),
    size: t.expose('size', { type: 'Decimal', description: 'How much of the base asset.' }),
    takerSide: t.expose('takerSide', { type: TakerSideEnum, description: 'Who crossed the spread.' }),
    firstTradeId: t.id({ description: 'Number of its first single trade.', resolve: ({ firstTradeId }) => `${firstTradeId}` }),
    lastTradeId: t.id({ description: 'Number of its last single trade.', resolve: ({ lastTradeId }) => `${lastTradeId}` }),
    leftOut: t.exposeInt('leftOut', {
      description:
        'In a subscription: how many of the instrument’s trades were left out just before this one because more came than could be sent. They are ' +
        'stored: ask `trades`. 0 in a query.',
    }),
  }),
});
