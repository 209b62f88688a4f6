import { BARS_A_CHUNK, type BarChunkRow, type EpochMs, SECOND_MS, toEpochMs, toStreamCursor } from '@candlecast/domain';
import { loadInstrument } from '../market/find-instruments.ts';
import { type BarChunks, FIRST_CHUNKS, loadBarChunks, MOST_CHUNKS } from '../market/load-bar-chunks.ts';
import { BarsRef } from './bars.ts';
import { builder } from './builder.ts';

const BarChunkRef = builder.objectRef<BarChunkRow>('BarChunk').implement({
  description: `A stretch of history that is read and kept as a whole: ${BARS_A_CHUNK} buckets, counted from Monday 2000-01-03 UTC.`,
  fields: (t) => ({
    from: t.int({ description: 'First open time in unix seconds.', resolve: ({ range }) => range.from / SECOND_MS }),
    to: t.int({ description: 'End in unix seconds, exclusive.', resolve: ({ range }) => range.to / SECOND_MS }),
    revision: t.exposeString('revision', {
      nullable: true,
      description:
        'Names what the chunk holds: another one after every correction, late minute, backfill or change of a gap in it. Read it with `bars(revision:)`. Null while it is not closed.',
    }),
  }),
});

const BarChunksRef = builder.objectRef<BarChunks>('BarChunks').implement({
  description: 'The chunks of a series, all as they were at one place in the log.',
  fields: (t) => ({
    chunks: t.field({ type: [BarChunkRef], description: 'Oldest first, without the tail.', resolve: ({ chunks }) => chunks }),
    tailFrom: t.int({
      nullable: true,
      description: 'Where the newest chunk begins, in unix seconds: it still grows. Null without candles.',
      resolve: ({ tail }) => (tail ? tail.range.from / SECOND_MS : null),
    }),
    tail: t.field({
      type: BarsRef,
      nullable: true,
      description: 'The bars of the newest chunk, the open one last.',
      resolve: ({ tail }) => tail && { columns: tail.columns, nextTime: undefined, position: tail.position, revision: tail.revision },
    }),
    firstTime: t.int({
      nullable: true,
      description: 'Open time of the first stored minute, in unix seconds: there are no chunks before it.',
      resolve: ({ firstOpenTime }) => (firstOpenTime === null ? null : firstOpenTime / SECOND_MS),
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Place in the event log at which all of this was read: subscribe with `after: cursor` to go on without a hole.',
      resolve: ({ position }) => toStreamCursor(position),
    }),
  }),
});

builder.queryField('barChunks', (t) =>
  t.field({
    type: BarChunksRef,
    description:
      `What history is made of, for charts behind caches: which chunks there are, what each is called now, and the live tail. ` +
      `Chunks that overlap [from, to), at most ${MOST_CHUNKS}; without \`from\` the newest ${FIRST_CHUNKS} before \`to\`.`,
    args: {
      symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
      interval: t.arg({ type: 'Interval', required: true, description: 'Length of a bar.' }),
      from: t.arg.int({ description: 'A time in the first chunk, in unix seconds.' }),
      to: t.arg.int({ description: 'End in unix seconds, exclusive; the newest chunk when absent.' }),
    },
    complexity: { field: BARS_A_CHUNK + FIRST_CHUNKS, multiplier: 0 },
    resolve: async (_, { symbol, interval, from, to }, context) => {
      const instrument = await loadInstrument(context, symbol);
      return loadBarChunks(context.candles, { instrument, interval, from: toTime(from), to: toTime(to) });
    },
  }),
);

function toTime(seconds: number | null | undefined): EpochMs | undefined {
  return seconds == null ? undefined : toEpochMs(seconds * SECOND_MS);
}
