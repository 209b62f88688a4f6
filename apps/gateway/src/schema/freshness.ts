import type { EpochMs, FeedState, FreshnessRow, Instrument, OpenCandleUpdate } from '@candlecast/domain';
import { loadInstrumentsOrAll } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { FeedStateEnum, InstrumentStatusEnum, VenueEnum } from './enums.ts';

interface Freshness {
  readonly instrument: Instrument;
  readonly row: FreshnessRow | undefined;
  readonly open: OpenCandleUpdate | undefined;
  readonly feedState: FeedState | null;
  readonly now: EpochMs;
}

const FreshnessRef = builder.objectRef<Freshness>('Freshness').implement({
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
    state: t.field({ type: InstrumentStatusEnum, description: 'Where the series stands.', resolve: ({ instrument }) => instrument.state }),
    watermark: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Open time of the newest closed 1m candle up to which nothing is missing.',
      resolve: ({ row, instrument }) => row?.watermark ?? instrument.watermark,
    }),
    lastEventAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the newest data came.',
      resolve: lastEventAt,
    }),
    stalenessMs: t.float({
      nullable: true,
      description: 'Age of the newest data in milliseconds of the venue’s time.',
      resolve: (freshness) => {
        const at = lastEventAt(freshness);
        return at === null ? null : Math.max(0, freshness.now - at);
      },
    }),
    ingestLagMs: t.float({
      nullable: true,
      description: 'Received minus exchange time of the newest live update, in milliseconds; null without one.',
      resolve: ({ open }) => (open ? open.receivedAt - open.exchangeTime : null),
    }),
    openGaps: t.int({ description: 'Gaps that are still being repaired.', resolve: ({ row }) => row?.openGaps ?? 0 }),
  }),
});

builder.queryField('freshness', (t) =>
  t.field({
    type: [FreshnessRef],
    description: 'How fresh the data is, one row an instrument, in the order asked for.',
    args: { symbols: t.arg.idList({ description: 'At most 50; every tracked instrument of the running venue when absent.' }) },
    complexity: ({ symbols }) => ({ field: symbols?.length ?? 50, multiplier: 0 }),
    resolve: async (_, { symbols }, context) => {
      const instruments = await loadInstrumentsOrAll(context, symbols);
      const rows = await context.instruments.findFreshness(instruments.map(({ id }) => id));
      const byId = new Map(rows.map((row) => [row.instrumentId, row]));
      return Promise.all(
        instruments.map(async (instrument) => ({
          instrument,
          row: byId.get(instrument.id),
          open: context.latest.find('candle.open', instrument.id),
          feedState: context.latest.find('feed.status', instrument.venue)?.state ?? null,
          now: await context.venues.now(instrument.venue),
        })),
      );
    },
  }),
);

function lastEventAt({ row, open }: Freshness): EpochMs | null {
  const stored = row?.lastKnownAt ?? null;
  if (!open) return stored;
  return stored !== null && stored > open.receivedAt ? stored : open.receivedAt;
}
