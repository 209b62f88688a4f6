import { AppError, DEPTH_LEVELS, type DepthLevel } from '@candlecast/domain';
import { cutDepth, type ShownDepth } from '../market/depth-books.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import { builder } from './builder.ts';

const DEFAULT_LEVELS = 20;

const DepthLevelRef = builder.objectRef<DepthLevel>('DepthLevel').implement({
  description: 'A price and the size that stands there.',
  fields: (t) => ({
    price: t.field({ type: 'Decimal', description: 'The price.', resolve: ([price]) => price }),
    size: t.field({ type: 'Decimal', description: 'How much of the base asset.', resolve: ([, size]) => size }),
  }),
});

const DepthRef = builder.objectRef<ShownDepth>('Depth').implement({
  description: 'The best levels of an order book.',
  fields: (t) => ({
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    bids: t.field({ type: [DepthLevelRef], description: 'What is paid, highest price first.', resolve: ({ bids }) => [...bids] }),
    asks: t.field({ type: [DepthLevelRef], description: 'What is taken, lowest price first.', resolve: ({ asks }) => [...asks] }),
    updateId: t.id({
      description: 'The exchange’s own number of this state of the book.',
      resolve: ({ updateId }) => `${updateId ?? 0}`,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it stood so, on the venue’s clock.' }),
  }),
});

builder.queryField('depth', (t) =>
  t.field({
    type: DepthRef,
    description:
      'The order book at most three seconds ago. It is kept while somebody asks, so the first answer takes a few seconds; asking again within half ' +
      'a minute keeps it. UPSTREAM_STALE when it does not come or the most books are kept already.',
    args: {
      symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
      levels: t.arg.int({ defaultValue: DEFAULT_LEVELS, description: `Levels a side, 1 to ${DEPTH_LEVELS}.` }),
    },
    complexity: ({ levels }) => ({ field: 2 * (levels ?? DEFAULT_LEVELS), multiplier: 0 }),
    resolve: async (_, { symbol, levels }, context) => {
      const wanted = levels ?? DEFAULT_LEVELS;
      if (wanted < 1) throw new AppError('BAD_USER_INPUT', `levels is ${wanted}, it must be 1 to ${DEPTH_LEVELS}`);
      if (wanted > DEPTH_LEVELS) throw new AppError('RANGE_TOO_LARGE', `levels is ${wanted}, at most ${DEPTH_LEVELS} a side are allowed`);
      const { id } = await loadInstrument(context, symbol);
      return cutDepth(await context.depth.load(id, context.connection.signal), wanted);
    },
  }),
);
