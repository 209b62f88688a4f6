import { ceilToInterval, floorToInterval, GAP_RESOLUTIONS, type GapLine, parsePlaceCursor, toPlaceCursor } from '@candlecast/domain';
import { toAsOf } from '../market/as-of.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import { toTimeRange } from '../market/time-range.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { GapReasonEnum } from './enums.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost, readCursor, toConnection, toPageRequest } from './row-pages.ts';

const GapResolutionEnum = builder.enumType('GapResolution', {
  description: 'How a gap was filled: FETCHED from the exchange, or IMPORTED from a file.',
  values: GAP_RESOLUTIONS,
});

const GapRef = builder.objectRef<GapLine>('Gap').implement({
  description: 'A line of the gap ledger: a range of missing 1m candles, why they are missing, and what was done about it.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'First missing minute.' }),
    to: t.expose('to', { type: 'DateTime', description: 'End, exclusive.' }),
    reason: t.expose('reason', { type: GapReasonEnum, description: 'Why.' }),
    firstSeenAt: t.expose('firstSeenAt', {
      type: 'DateTime',
      description: 'When somebody first saw that something is missing here, on the venue’s clock.',
    }),
    attempts: t.exposeInt('attempts', {
      nullable: true,
      description: 'How often the exchange was asked; null with `asOf: { knownAt }`, for it is only counted.',
    }),
    lastAttemptAt: t.expose('lastAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was asked last; null with `asOf: { knownAt }`.',
    }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When every minute of it was there; null while one is missing.',
    }),
    resolution: t.expose('resolution', { type: GapResolutionEnum, nullable: true, description: 'How it was filled.' }),
  }),
});

builder.queryField('gaps', (t) =>
  t.connection(
    {
      type: GapRef,
      description:
        `The gap ledger of an instrument, oldest range first; ${DEFAULT_PAGE_ROWS} a page unless \`first\` or \`last\` says otherwise, at most ` +
        `${MAX_PAGE_ROWS}.`,
      args: {
        symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
        interval: t.arg({
          type: 'Interval',
          description: 'Widens `from` and `to` to whole candles of this interval. Gaps are of 1m candles.',
        }),
        from: t.arg({ type: 'DateTime', description: 'Only gaps that reach past this.' }),
        to: t.arg({ type: 'DateTime', description: 'Only gaps that begin before this.' }),
        isResolved: t.arg.boolean({ description: 'Only gaps that were filled, or only those that were not.' }),
        asOf: t.arg({ type: AsOfInputRef, description: 'A moment of the past: gaps cut there, or the ledger as it stood then.' }),
      },
      complexity: pageCost,
      resolve: async (_, args, context) => {
        const page = toPageRequest(args, 'oldest');
        const place = readCursor(page.take === 'oldest' ? page.after : page.before, parsePlaceCursor);
        const other = readCursor(page.take === 'oldest' ? page.before : page.after, parsePlaceCursor);
        const range = toTimeRange(args.from, args.to);
        const interval = args.interval ?? '1m';
        const instrument = await loadInstrument(context, args.symbol);
        const found = await context.gaps.findGapLines({
          instrumentId: instrument.id,
          range: {
            from: args.from == null ? range.from : floorToInterval(range.from, interval),
            to: args.to == null ? range.to : ceilToInterval(range.to, interval),
          },
          isResolved: args.isResolved ?? undefined,
          asOf: toAsOf(args.asOf, await context.venues.now(instrument.venue)),
          limit: page.limit + 1,
          take: page.take,
          ...(place && { beyond: { from: place.time, id: place.id } }),
        });
        const isInside = ({ from, id }: GapLine) =>
          !other || (page.take === 'oldest' ? compare(from, id, other) < 0 : compare(from, id, other) > 0);
        return toConnection(found.filter(isInside), page, ({ from, id }) => toPlaceCursor({ time: from, id }));
      },
    },
    { name: 'GapConnection' },
    { name: 'GapEdge' },
  ),
);

function compare(from: number, id: number, place: { readonly time: number; readonly id: number }): number {
  return from - place.time || id - place.id;
}
