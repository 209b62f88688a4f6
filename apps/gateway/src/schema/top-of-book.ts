import { type InstrumentId, midPrice, spread, type TopOfBook } from '@candlecast/domain';
import { loadInstruments } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { DEFAULT_THROTTLE_MS, toThrottleMs } from './throttle.ts';

const TopOfBookRef = builder.objectRef<TopOfBook>('TopOfBook').implement({
  description: 'Best bid and ask of an instrument.',
  fields: (t) => ({
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    bidPrice: t.expose('bidPrice', { type: 'Decimal', description: 'Highest price somebody pays.' }),
    bidSize: t.expose('bidSize', { type: 'Decimal', description: 'How much of the base asset at that price.' }),
    askPrice: t.expose('askPrice', { type: 'Decimal', description: 'Lowest price somebody takes.' }),
    askSize: t.expose('askSize', { type: 'Decimal', description: 'How much of the base asset at that price.' }),
    midPrice: t.field({ type: 'Decimal', description: 'Halfway between bid and ask, exact.', resolve: midPrice }),
    spread: t.field({ type: 'Decimal', description: 'Ask minus bid, exact.', resolve: spread }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: "When we received it, on the venue's clock." }),
  }),
});

builder.subscriptionField('topOfBook', (t) =>
  t.field({
    type: TopOfBookRef,
    description:
      'Best bid and ask of up to 50 instruments. Snapshot rule: the present value of each comes first. Update rate: the newest value only, at most ' +
      'once per `throttleMs` and instrument; a slow reader gets fewer, never older ones.',
    args: {
      symbols: t.arg.idList({ required: true, description: '1 to 50 of "VENUE:SYMBOL", or bare symbols of the running venue.' }),
      throttleMs: t.arg.int({ description: `Least milliseconds between two updates, 0 to 60,000; ${DEFAULT_THROTTLE_MS} when absent.` }),
    },
    subscribe: async (_, { symbols, throttleMs }, context) => {
      const keys = (await loadInstruments(context, symbols)).map(({ id }) => id);
      return context.streams.latest(
        {
          throttleMs: toThrottleMs(throttleMs),
          keys,
          watch: (onChange) => context.latest.watch('top_of_book', keys, onChange),
          find: (key) => context.latest.find('top_of_book', key as InstrumentId),
        },
        context.connection,
      );
    },
    resolve: (book) => book,
  }),
);
