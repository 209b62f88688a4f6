import { midPrice, spread } from '@candlecast/domain';
import { toLatestTopics } from '../live/topic.ts';
import { loadInstruments } from '../market/find-instruments.ts';
import { type KnownBook, loadBooks } from '../market/load-books.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { CLOCK, ClockInputRef } from './clock.ts';
import { toReplayViewer } from './replay-viewer.ts';
import { DEFAULT_THROTTLE_MS, toThrottleMs } from './throttle.ts';

export const TopOfBookRef = builder.objectRef<KnownBook>('TopOfBook').implement({
  description: 'Best bid and ask of an instrument.',
  fields: (t) => ({
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    bidPrice: t.expose('bidPrice', { type: 'Decimal', description: 'Highest price somebody pays.' }),
    bidSize: t.expose('bidSize', { type: 'Decimal', description: 'How much of the base asset at that price.' }),
    askPrice: t.expose('askPrice', { type: 'Decimal', description: 'Lowest price somebody takes.' }),
    askSize: t.expose('askSize', { type: 'Decimal', description: 'How much of the base asset at that price.' }),
    midPrice: t.field({ type: 'Decimal', description: 'Halfway between bid and ask, exact.', resolve: midPrice }),
    spread: t.field({ type: 'Decimal', description: 'Ask minus bid, exact.', resolve: spread }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      description: "When we received it, on the venue's clock; of a stored one the end of the second of which it is the last.",
    }),
  }),
});

const SYMBOLS = '1 to 50 of "VENUE:SYMBOL", or bare symbols of the running venue.';

builder.queryField('topOfBook', (t) =>
  t.field({
    type: [TopOfBookRef],
    description:
      'The newest best bid and ask, one row an instrument in the order asked for; one whose book is not known is left out. ' +
      'Of the past: the sample of that second, or the newest of the day before it.',
    args: {
      symbols: t.arg.idList({ required: true, description: SYMBOLS }),
      asOf: t.arg({ type: AsOfInputRef, description: 'A moment of the past; both meanings give the same, for books are never corrected.' }),
    },
    complexity: ({ symbols }) => ({ field: symbols.length, multiplier: 0 }),
    resolve: async (_, { symbols, asOf }, context) => loadBooks(context, await loadInstruments(context, symbols), asOf),
  }),
);

builder.subscriptionField('topOfBook', (t) =>
  t.field({
    type: TopOfBookRef,
    description:
      'Best bid and ask of up to 50 instruments. Snapshot rule: the present value of each comes first. Update rate: the newest value only, at most ' +
      'once per `throttleMs` and instrument; a slow reader gets fewer, never older ones.',
    args: {
      symbols: t.arg.idList({ required: true, description: SYMBOLS }),
      throttleMs: t.arg.int({ description: `Least milliseconds between two updates, 0 to 60,000; ${DEFAULT_THROTTLE_MS} when absent.` }),
      clock: t.arg({ type: ClockInputRef, description: `${CLOCK} As it was sampled: once a second where it changed.` }),
    },
    subscribe: async (_, { symbols, throttleMs, clock }, context) => {
      const instruments = await loadInstruments(context, symbols);
      if (clock) return context.replays.books(clock, instruments, toThrottleMs(throttleMs), toReplayViewer(context));
      const ids = instruments.map(({ id }) => id);
      return context.streams.latest(
        {
          topics: toLatestTopics(context.latest, 'top_of_book', ids),
          throttleMs: toThrottleMs(throttleMs),
          personalArgs: ['symbols', 'throttleMs'],
        },
        context.connection,
      );
    },
    resolve: (book) => book,
  }),
);
