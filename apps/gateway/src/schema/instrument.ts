import type { Instrument } from '@candlecast/domain';
import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay';
import { findInstrument } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { SeriesStateEnum, VenueEnum } from './enums.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';

const DEFAULT_PAGE_ROWS = 100;

const InstrumentRef = builder.objectRef<Instrument>('Instrument').implement({
  description: 'A traded pair with its rules, and the state of its 1m series.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Name in the whole API: "VENUE:SYMBOL", such as "BINANCE:BTCUSDT". Other fields call it `symbol`.',
    }),
    symbol: t.exposeString('symbol', { description: 'The pair as the exchange writes it, such as "BTCUSDT".' }),
    venue: t.expose('venue', { type: VenueEnum, description: 'Where its prices are made.' }),
    isSimulated: t.boolean({
      description: 'True when its prices come from no exchange (SIM, REPLAY).',
      resolve: ({ venue }) => venue !== 'BINANCE',
    }),
    baseAsset: t.exposeString('baseAsset', { description: 'What is traded.' }),
    quoteAsset: t.exposeString('quoteAsset', { description: 'What it is priced in.' }),
    tickSize: t.expose('tickSize', { type: 'Decimal', nullable: true, description: 'Smallest step of the price.' }),
    stepSize: t.expose('stepSize', { type: 'Decimal', nullable: true, description: 'Smallest step of the size.' }),
    state: t.expose('state', { type: SeriesStateEnum, description: 'Where its series stands.' }),
    stateReason: t.exposeString('stateReason', { nullable: true, description: 'Why it stands there, in one sentence.' }),
    firstOpenTime: t.expose('firstOpenTime', {
      type: 'DateTime',
      nullable: true,
      description: 'Open time of the oldest stored 1m candle.',
    }),
    watermark: t.expose('watermark', {
      type: 'DateTime',
      nullable: true,
      description: 'Open time of the newest closed 1m candle up to which nothing is missing, recorded gaps aside.',
    }),
    liveSince: t.expose('liveSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Open time of the first 1m candle received live; older ones are `reconstructed`.',
    }),
  }),
});

builder.queryField('instrument', (t) =>
  t.field({
    type: InstrumentRef,
    nullable: true,
    description: 'One instrument; null when it is not tracked.',
    args: { symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }) },
    resolve: async (_, { symbol }, context) => (await findInstrument(context, symbol)) ?? null,
  }),
);

builder.queryField('instruments', (t) =>
  t.connection(
    {
      type: InstrumentRef,
      description: `The tracked instruments of the running venue by symbol; ${DEFAULT_PAGE_ROWS} a page unless \`first\` says otherwise.`,
      args: {
        search: t.arg.string({ description: 'Part of the symbol, any case.' }),
        state: t.arg({ type: SeriesStateEnum, description: 'Only those whose series stands there.' }),
      },
      complexity: ({ first, last }) => ({ field: first ?? last ?? DEFAULT_PAGE_ROWS, multiplier: 0 }),
      resolve: async (_, args, { instruments, venues }) => {
        toPageSize('first', args.first ?? args.last ?? 0);
        const venue = await venues.findRunning();
        const search = (args.search ?? '').toUpperCase();
        const found = (venue ? await instruments.findInstruments(venue) : [])
          .filter(({ symbol, state }) => symbol.includes(search) && (!args.state || state === args.state))
          .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
        const paging = { args, defaultSize: DEFAULT_PAGE_ROWS, maxSize: MAX_PAGE_ROWS, toCursor: ({ symbol }: Instrument) => symbol };
        return resolveCursorConnection(paging, ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) => {
          const range = found.filter(({ symbol }) => (!after || symbol > after) && (!before || symbol < before));
          return (inverted ? range.reverse() : range).slice(0, limit);
        });
      },
    },
    { name: 'InstrumentConnection' },
    { name: 'InstrumentEdge' },
  ),
);
