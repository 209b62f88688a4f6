import type { InstrumentId, MarketSummaryRow } from '@candlecast/domain';
import type { Topic } from '../live/topic.ts';
import { loadInstruments } from '../market/find-instruments.ts';
import type { LiveSummaries } from '../market/live-summaries.ts';
import { builder } from './builder.ts';
import { CLOCK, ClockInputRef } from './clock.ts';
import { MarketSummaryRef } from './market-summary.ts';
import { toReplayViewer } from './replay-viewer.ts';

builder.subscriptionField('marketSummary', (t) =>
  t.field({
    type: MarketSummaryRef,
    description:
      'The last 24 hours of up to 50 instruments. Snapshot rule: the present summary of each comes first. Update rate: after each closed or corrected ' +
      'minute of an instrument, the newest only; prices within the minute are in `candles`.',
    args: {
      symbols: t.arg.idList({ required: true, description: '1 to 50 of "VENUE:SYMBOL", or bare symbols of the running venue.' }),
      clock: t.arg({ type: ClockInputRef, description: `${CLOCK} In the values known then.` }),
    },
    subscribe: async (_, { symbols, clock }, context) => {
      const instruments = await loadInstruments(context, symbols);
      if (clock) return context.replays.summaries(clock, instruments, toReplayViewer(context));
      const ids = instruments.map(({ id }) => id);
      return context.streams.latest(
        { topics: ids.map((id) => toSummaryTopic(context.summaries, id)), throttleMs: 0, personalArgs: ['symbols'] },
        context.connection,
      );
    },
    resolve: (summary) => summary,
  }),
);

function toSummaryTopic(summaries: LiveSummaries, id: InstrumentId): Topic<MarketSummaryRow> {
  return {
    name: id,
    latest: {
      keys: () => [id],
      watch: (onChange) => summaries.watch([id], onChange),
      find: () => summaries.find(id),
      toEvent: (row) => row as MarketSummaryRow,
    },
  };
}
