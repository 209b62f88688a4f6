import type { FeedStatus } from '@candlecast/domain';
import { toWholeTopic } from '../live/topic.ts';
import { builder } from './builder.ts';
import { CLOCK, ClockInputRef } from './clock.ts';
import { FeedStateEnum, VenueEnum } from './enums.ts';
import { toReplayViewer } from './replay-viewer.ts';

const FeedStatusRef = builder.objectRef<FeedStatus>('FeedStatus').implement({
  description: 'Whether the feed of a venue runs.',
  fields: (t) => ({
    venue: t.expose('venue', { type: VenueEnum, description: 'Which venue.' }),
    state: t.expose('state', { type: FeedStateEnum, description: 'Whether it runs.' }),
    since: t.expose('since', { type: 'DateTime', description: "Since when, on the venue's clock." }),
    detail: t.exposeString('detail', { nullable: true, description: 'Why, in one sentence.' }),
    isSimulated: t.boolean({
      description: 'True when the venue is no exchange (SIM, REPLAY).',
      resolve: ({ venue }) => venue !== 'BINANCE',
    }),
  }),
});

builder.subscriptionField('feedStatus', (t) =>
  t.field({
    type: FeedStatusRef,
    description:
      'The state of the feeds. Snapshot rule: the present state of each venue that has reported comes first. Update rate: every change, the newest only.',
    args: {
      clock: t.arg({
        type: ClockInputRef,
        description:
          `${CLOCK} Of the running venue alone, and told by its candles, for what a feed said of itself is not stored: LIVE while a minute became known ` +
          'within the last three minutes, else STALE.',
      }),
    },
    subscribe: async (_, { clock }, context) => {
      const { latest, streams, connection, replays, venues } = context;
      if (clock) return replays.feedStatus(clock, (await venues.findRunning()) ?? 'BINANCE', toReplayViewer(context));
      return streams.latest({ topics: [toWholeTopic(latest, 'feed.status')], throttleMs: 0, personalArgs: [] }, connection);
    },
    resolve: (status) => status,
  }),
);
