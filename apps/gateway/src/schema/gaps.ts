import { AppError, ceilToInterval, type EpochMs, floorToInterval, GAP_RESOLUTIONS, splitInstrumentId, toEpochMs } from '@candlecast/domain';
import { loadInstrument } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { GapReasonEnum } from './enums.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';

const DEFAULT_PAGE_ROWS = 100;

const GapResolutionEnum = builder.enumType('GapResolution', {
  description: 'How a gap was filled: FETCHED from the exchange, or IMPORTED from a file.',
  values: GAP_RESOLUTIONS,
});

const GapRef = builder.prismaObject('Gap', {
  description: 'A line of the gap ledger: a range of missing 1m candles, why they are missing, and what was done about it.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'First missing minute.', resolve: ({ fromTime }) => timeOf(fromTime) }),
    to: t.field({ type: 'DateTime', description: 'End, exclusive.', resolve: ({ toTime }) => timeOf(toTime) }),
    reason: t.expose('reason', { type: GapReasonEnum, description: 'Why.' }),
    firstSeenAt: t.field({
      type: 'DateTime',
      description: 'When somebody first saw that something is missing here, on the venue’s clock.',
      resolve: ({ firstSeenAt }) => timeOf(firstSeenAt),
    }),
    attempts: t.exposeInt('attempts', { description: 'How often the exchange was asked.' }),
    lastAttemptAt: t.field({
      type: 'DateTime',
      description: 'When it was asked last.',
      resolve: ({ lastAttemptAt }) => timeOf(lastAttemptAt),
    }),
    resolvedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When every minute of it was there; null while one is missing.',
      resolve: ({ resolvedAt }) => resolvedAt && timeOf(resolvedAt),
    }),
    resolution: t.expose('resolution', { type: GapResolutionEnum, nullable: true, description: 'How it was filled.' }),
  }),
});

builder.queryField('gaps', (t) =>
  t.prismaConnection(
    {
      type: GapRef,
      cursor: 'id',
      defaultSize: DEFAULT_PAGE_ROWS,
      maxSize: MAX_PAGE_ROWS,
      description: `The gap ledger of an instrument, oldest range first; ${DEFAULT_PAGE_ROWS} a page unless \`first\` says otherwise.`,
      args: {
        symbol: t.arg.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
        interval: t.arg({
          type: 'Interval',
          description: 'Widens `from` and `to` to whole candles of this interval. Gaps are of 1m candles.',
        }),
        from: t.arg({ type: 'DateTime', description: 'Only gaps that reach past this.' }),
        to: t.arg({ type: 'DateTime', description: 'Only gaps that begin before this.' }),
        isResolved: t.arg.boolean({ description: 'Only gaps that were filled, or only those that were not.' }),
      },
      complexity: ({ first, last }) => ({ field: first ?? last ?? DEFAULT_PAGE_ROWS, multiplier: 0 }),
      resolve: async (query, _, args, context) => {
        toPageSize('first', args.first ?? args.last ?? 0);
        if (args.from != null && args.to != null && args.from > args.to) throw new AppError('BAD_USER_INPUT', 'from lies after to');
        const { id } = await loadInstrument(context, args.symbol);
        const interval = args.interval ?? '1m';
        return context.prisma.gap.findMany({
          ...query,
          where: {
            instrument: splitInstrumentId(id),
            ...(args.from == null ? {} : { toTime: { gt: dateOf(floorToInterval(args.from, interval)) } }),
            ...(args.to == null ? {} : { fromTime: { lt: dateOf(ceilToInterval(args.to, interval)) } }),
            ...(args.isResolved == null ? {} : { resolvedAt: args.isResolved ? { not: null } : null }),
          },
          orderBy: [{ fromTime: 'asc' }, { id: 'asc' }],
        });
      },
    },
    { name: 'GapConnection' },
    { name: 'GapEdge' },
  ),
);

function timeOf(date: Date): EpochMs {
  return toEpochMs(date.getTime());
}

function dateOf(time: EpochMs): Date {
  return new Date(time);
}
