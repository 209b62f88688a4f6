import {
  AppError,
  BARS_A_CHUNK,
  ceilToInterval,
  type Interval,
  intervalMs,
  isChunk,
  SECOND_MS,
  type TimeRange,
  toEpochMs,
  toStreamCursor,
} from '@candlecast/domain';
import { toAsOf } from '../market/as-of.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import { type Bars, loadBars } from '../market/load-bars.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { BarsStatusEnum, FillEnum } from './enums.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';

/** A column: nulls stand in it with `fill: NULL` only. */
const WITH_NULLS = { nullable: { list: false, items: true } } as const;

/** Candles as columns. */
export const BarsRef = builder.objectRef<Bars>('Bars').implement({
  description:
    'Candles as columns of equal length, oldest first, for charts: floats, and times in unix seconds. Exact values: `candles`. ' +
    'The bar of the bucket that is still open is the last. Nulls stand for missing bars with `fill: NULL` only.',
  fields: (t) => ({
    s: t.field({
      type: BarsStatusEnum,
      description: 'Whether there are bars.',
      resolve: ({ columns }) => (columns.t.length > 0 ? 'ok' : 'no_data'),
    }),
    t: t.intList({ description: 'Open times in unix seconds.', resolve: ({ columns }) => [...columns.t] }),
    o: t.floatList({ ...WITH_NULLS, description: 'Open.', resolve: ({ columns }) => [...columns.o] }),
    h: t.floatList({ ...WITH_NULLS, description: 'High.', resolve: ({ columns }) => [...columns.h] }),
    l: t.floatList({ ...WITH_NULLS, description: 'Low.', resolve: ({ columns }) => [...columns.l] }),
    c: t.floatList({ ...WITH_NULLS, description: 'Close.', resolve: ({ columns }) => [...columns.c] }),
    v: t.floatList({ ...WITH_NULLS, description: 'Base volume.', resolve: ({ columns }) => [...columns.v] }),
    nextTime: t.int({
      nullable: true,
      description: 'When there are no bars: open time, in unix seconds, of the newest one before the range; null when there is none.',
      resolve: ({ nextTime }) => (nextTime === undefined ? null : nextTime / SECOND_MS),
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Place in the event log at which these bars were read: subscribe with `after: cursor` to go on without a hole.',
      resolve: ({ position }) => toStreamCursor(position),
    }),
    revision: t.exposeString('revision', {
      nullable: true,
      description:
        'Of a chunk that was asked for by its revision: what it is called now, which may be another one; null while it is not closed.',
    }),
  }),
});

builder.queryField('bars', (t) =>
  t.field({
    type: BarsRef,
    description:
      `Candles for charts, after TradingView's getBars: the bars that open in [from, to), or the newest \`countback\` of them before \`to\`, ` +
      `which counts for more than \`from\`. At most ${MAX_PAGE_ROWS}.`,
    args: {
      symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
      interval: t.arg({ type: 'Interval', required: true, description: 'Length of a bar.' }),
      from: t.arg.int({ description: 'First open time in unix seconds, inclusive.' }),
      to: t.arg.int({ required: true, description: 'End in unix seconds, exclusive.' }),
      countback: t.arg.int({ description: 'How many bars before `to`; with `fill` how many buckets.' }),
      fill: t.arg({ type: FillEnum, defaultValue: 'NONE', description: 'What stands for a missing bar.' }),
      asOf: t.arg({ type: AsOfInputRef, description: 'A moment of the past.' }),
      revision: t.arg.string({
        description: `[from, to) is one chunk of \`barChunks\` (${BARS_A_CHUNK} buckets): answers to its present revision never change and may be kept for ever.`,
      }),
    },
    complexity: ({ interval, from, to, countback }) => ({ field: countback ?? countBuckets(interval, from ?? to, to), multiplier: 0 }),
    resolve: async (_, { symbol, interval, fill, ...args }, context) => {
      if (args.revision != null) {
        const range = toChunk(args, interval);
        const isPlain = args.countback == null && args.asOf == null && (fill ?? 'NONE') === 'NONE';
        if (!range || !isPlain)
          throw new AppError('BAD_USER_INPUT', `bars with revision wants from and to of one chunk of ${interval}, and nothing else`);
        const { id: instrumentId } = await loadInstrument(context, symbol);
        const { columns, position, revision } = await context.candles.findBarChunk({ instrumentId, interval, from: range.from });
        if (revision === args.revision) context.keeping?.noteLasting();
        return { columns, position, revision, nextTime: undefined };
      }
      if (args.from == null && args.countback == null) throw new AppError('BAD_USER_INPUT', 'bars needs from or countback');
      const from = args.from == null ? undefined : ceilToInterval(toEpochMs(args.from * SECOND_MS), interval);
      const to = ceilToInterval(toEpochMs(args.to * SECOND_MS), interval);
      if (args.countback == null && from !== undefined) toPageSize('the range in bars', Math.max(0, (to - from) / intervalMs(interval)));
      const countback = args.countback == null ? undefined : toPageSize('countback', args.countback);
      const instrument = await loadInstrument(context, symbol);
      const asOf = args.asOf ? toAsOf(args.asOf, await context.venues.now(instrument.venue)) : undefined;
      return loadBars(context.candles, { instrument, interval, from, to, countback, fill: fill ?? 'NONE', asOf });
    },
  }),
);

function toChunk({ from, to }: { from?: number | null | undefined; to: number }, interval: Interval): TimeRange | undefined {
  if (from == null) return undefined;
  const range = { from: toEpochMs(from * SECOND_MS), to: toEpochMs(to * SECOND_MS) };
  return isChunk(range, interval) ? range : undefined;
}

function countBuckets(interval: Interval, from: number, to: number): number {
  return Math.max(0, Math.ceil(((to - from) * SECOND_MS) / intervalMs(interval)));
}
