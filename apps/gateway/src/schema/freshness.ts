import { loadInstrumentsOrAll, MAX_SYMBOLS } from '../market/find-instruments.ts';
import { type Freshness, loadFreshness } from '../market/load-freshness.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { FeedStateEnum, InstrumentStatusEnum, VenueEnum } from './enums.ts';

export const FreshnessRef = builder.objectRef<Freshness>('Freshness').implement({
  description: "How fresh an instrument's data is, on the venue's clock.",
  fields: (t) => ({
    symbol: t.id({ description: 'The instrument: "VENUE:SYMBOL".', resolve: ({ instrument }) => instrument.id }),
    venue: t.field({ type: VenueEnum, description: 'Where its prices are made.', resolve: ({ instrument }) => instrument.venue }),
    isSimulated: t.boolean({
      description: 'True when its prices come from no exchange (SIM, REPLAY).',
      resolve: ({ instrument }) => instrument.venue !== 'BINANCE',
    }),
    feedState: t.expose('feedState', {
      type: FeedStateEnum,
      nullable: true,
      description: 'Whether the venue’s feed runs; null until it has reported to this gateway.',
    }),
    state: t.expose('state', {
      type: InstrumentStatusEnum,
      nullable: true,
      description: 'Where the series stands; null of the past, which is not kept.',
    }),
    watermark: t.expose('watermark', {
      type: 'DateTime',
      nullable: true,
      description: 'Open time of the newest closed 1m candle up to which nothing is missing.',
    }),
    lastEventAt: t.expose('lastEventAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the newest data came; with `asOf: { eventTime }` when its minute ended.',
    }),
    stalenessMs: t.float({
      nullable: true,
      description: 'Age of the newest data in milliseconds of the venue’s time.',
      resolve: ({ lastEventAt, now }) => (lastEventAt === null ? null : Math.max(0, now - lastEventAt)),
    }),
    ingestLagMs: t.exposeFloat('ingestLagMs', {
      nullable: true,
      description: 'Received minus exchange time of the newest live update, in milliseconds; null without one, and of the past.',
    }),
    openGaps: t.exposeInt('openGaps', { description: 'Gaps that are still being repaired.' }),
  }),
});

builder.queryField('freshness', (t) =>
  t.field({
    type: [FreshnessRef],
    description: 'How fresh the data is, one row an instrument, in the order asked for.',
    args: {
      symbols: t.arg.idList({ description: 'At most 50; every tracked instrument of the running venue when absent.' }),
      asOf: t.arg({ type: AsOfInputRef, description: 'A moment of the past. It is looked for in the week before that.' }),
    },
    complexity: ({ symbols }) => ({ field: symbols?.length ?? MAX_SYMBOLS, multiplier: 0 }),
    resolve: async (_, { symbols, asOf }, context) => loadFreshness(context, await loadInstrumentsOrAll(context, symbols), asOf),
  }),
);
