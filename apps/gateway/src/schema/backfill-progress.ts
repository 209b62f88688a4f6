import type { BackfillProgress } from '@candlecast/domain';
import { toLatestTopics } from '../live/topic.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { DEFAULT_THROTTLE_MS } from './throttle.ts';

const BackfillProgressRef = builder.objectRef<BackfillProgress>('BackfillProgress').implement({
  description: 'How far the history of an instrument has been fetched.',
  fields: (t) => ({
    symbol: t.exposeID('instrumentId', { description: 'The instrument: "VENUE:SYMBOL".' }),
    rowsDone: t.exposeInt('rowsDone', { description: '1m candles stored.' }),
    rowsWanted: t.exposeInt('rowsWanted', { description: '1m candles wanted.' }),
    etaMs: t.exposeFloat('etaMs', { nullable: true, description: 'Time left in milliseconds, estimated; null when unknown.' }),
  }),
});

builder.subscriptionField('backfillProgress', (t) =>
  t.field({
    type: BackfillProgressRef,
    description: `The progress of an instrument's history. Snapshot rule: the present state comes first. Update rate: the newest only, at most every ${DEFAULT_THROTTLE_MS} ms.`,
    args: { symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }) },
    subscribe: async (_, { symbol }, context) => {
      const { id } = await loadInstrument(context, symbol);
      return context.streams.latest(
        { topics: toLatestTopics(context.latest, 'backfill.progress', [id]), throttleMs: DEFAULT_THROTTLE_MS, personalArgs: ['symbol'] },
        context.connection,
      );
    },
    resolve: (progress) => progress,
  }),
);
