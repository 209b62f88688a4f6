import { type Instrument, type InstrumentId, splitInstrumentId, toEpochMs, toInstrumentId, VENUES, type Venue } from '@candlecast/domain';
import { createContextCache } from '@pothos/core';
import type { GatewayContext } from '../context.ts';
import { findInstrumentId } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { InstrumentStatusEnum, VenueEnum } from './enums.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost } from './row-pages.ts';

export const InstrumentRef = builder.prismaObject('Instrument', {
  description: 'A traded pair with its rules, and the state of its 1m series.',
  select: { venue: true, symbol: true },
  fields: (t) => ({
    id: t.id({
      description: 'Name in the whole API: "VENUE:SYMBOL", such as "BINANCE:BTCUSDT". Other fields call it `symbol`.',
      resolve: toId,
    }),
    symbol: t.exposeString('symbol', { description: 'The pair as the exchange writes it, such as "BTCUSDT".' }),
    venue: t.field({ type: VenueEnum, description: 'Where its prices are made.', resolve: (row) => splitInstrumentId(toId(row)).venue }),
    isSimulated: t.boolean({
      description: 'True when its prices come from no exchange (SIM, REPLAY).',
      resolve: ({ venue }) => venue !== 'BINANCE',
    }),
    baseAsset: t.exposeString('baseAsset', { description: 'What is traded.' }),
    quoteAsset: t.exposeString('quoteAsset', { description: 'What it is priced in.' }),
    tickSize: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Smallest step of the price.',
      resolve: async (row, _, context) => (await loadExact(context, toId(row)))?.tickSize ?? null,
    }),
    stepSize: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Smallest step of the size.',
      resolve: async (row, _, context) => (await loadExact(context, toId(row)))?.stepSize ?? null,
    }),
    state: t.expose('state', { type: InstrumentStatusEnum, description: 'Where its series stands.' }),
    stateReason: t.exposeString('stateReason', { nullable: true, description: 'Why it stands there, in one sentence.' }),
    firstOpenTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Open time of the oldest stored 1m candle.',
      select: { firstOpenTime: true },
      resolve: ({ firstOpenTime }) => firstOpenTime && toEpochMs(firstOpenTime.getTime()),
    }),
    watermark: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Open time of the newest closed 1m candle up to which nothing is missing, recorded gaps aside.',
      select: { watermark: true },
      resolve: ({ watermark }) => watermark && toEpochMs(watermark.getTime()),
    }),
    liveSince: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Open time of the first 1m candle received live; older ones are `reconstructed`.',
      select: { liveSince: true },
      resolve: ({ liveSince }) => liveSince && toEpochMs(liveSince.getTime()),
    }),
  }),
});

builder.queryField('instrument', (t) =>
  t.prismaField({
    type: InstrumentRef,
    nullable: true,
    description: 'One instrument; null when it is not tracked.',
    args: { symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }) },
    resolve: async (query, _, args, { prisma, venues }) => {
      const id = await findInstrumentId(venues, args.symbol);
      return id ? prisma.instrument.findUnique({ ...query, where: { venue_symbol: splitInstrumentId(id) } }) : null;
    },
  }),
);

builder.queryField('instruments', (t) =>
  t.prismaConnection(
    {
      type: InstrumentRef,
      cursor: 'venue_symbol',
      defaultSize: DEFAULT_PAGE_ROWS,
      maxSize: MAX_PAGE_ROWS,
      description: `The tracked instruments of the running venue by symbol; ${DEFAULT_PAGE_ROWS} a page unless \`first\` says otherwise.`,
      args: {
        search: t.arg.string({ description: 'Part of the symbol, any case.' }),
        status: t.arg({ type: InstrumentStatusEnum, description: 'Only those whose `state` this is.' }),
      },
      complexity: pageCost,
      resolve: async (query, _, { search, status, first, last }, { prisma, venues }) => {
        toPageSize('first', first ?? last ?? 0);
        const venue = await venues.findRunning();
        if (!venue) return [];
        const where = {
          venue,
          ...(search ? { symbol: { contains: search, mode: 'insensitive' as const } } : {}),
          ...(status ? { state: status } : {}),
        };
        return prisma.instrument.findMany({ ...query, where, orderBy: { symbol: 'asc' } });
      },
    },
    { name: 'InstrumentConnection' },
    { name: 'InstrumentEdge' },
  ),
);

function toId({ venue, symbol }: { readonly venue: string; readonly symbol: string }): InstrumentId {
  const known = VENUES.find((name) => name === venue);
  if (!known) throw new RangeError(`the database names a venue "${venue}"`);
  return toInstrumentId(known, symbol);
}

/** The Prisma client drops the trailing zeros of a decimal; the reader gives the stored text. Read once a request and venue. */
const exactOfVenue = createContextCache((_: GatewayContext) => new Map<Venue, Promise<ReadonlyMap<InstrumentId, Instrument>>>());

async function loadExact(context: GatewayContext, id: InstrumentId): Promise<Instrument | undefined> {
  const { venue } = splitInstrumentId(id);
  const kept = exactOfVenue(context);
  const exact = kept.get(venue) ?? context.instruments.findInstruments(venue).then((all) => new Map(all.map((one) => [one.id, one])));
  kept.set(venue, exact);
  return (await exact).get(id);
}
