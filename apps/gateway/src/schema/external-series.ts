import { AppError, type ExternalPoint, parsePageCursor, toIso, toPageCursor } from '@candlecast/domain';
import { behind, toTimeRange } from '../market/time-range.ts';
import { builder } from './builder.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost, readCursor, toConnection, toPageRequest } from './row-pages.ts';

const ExternalPointRef = builder.objectRef<ExternalPoint>('ExternalPoint').implement({
  description: 'A value of a series from outside, such as an index of sentiment.',
  fields: (t) => ({
    key: t.exposeID('key', { description: 'The series.' }),
    eventTime: t.expose('eventTime', { type: 'DateTime', description: 'What it is about.' }),
    knownAt: t.expose('knownAt', { type: 'DateTime', description: 'When this value could first be known. A revision is known later.' }),
    value: t.expose('value', { type: 'Decimal', description: 'The value, as it was published.' }),
  }),
});

builder.queryField('externalSeries', (t) =>
  t.connection(
    {
      type: ExternalPointRef,
      description:
        'A series from outside, oldest first, one value a time: the newest version, or with `knownAt` the one known then. NOT_FOUND for a key under ' +
        `which nothing is stored. ${DEFAULT_PAGE_ROWS} a page unless \`first\` or \`last\` says otherwise, the newest; at most ${MAX_PAGE_ROWS}.`,
      args: {
        key: t.arg.id({ required: true, description: 'The series.' }),
        from: t.arg({ type: 'DateTime', description: 'First event time, inclusive; the beginning of what is stored when absent.' }),
        to: t.arg({ type: 'DateTime', description: 'End, exclusive; open when absent.' }),
        knownAt: t.arg({ type: 'DateTime', description: 'Only what was known then; now when absent.' }),
      },
      complexity: pageCost,
      resolve: async (_, args, { external, venues }) => {
        const page = toPageRequest(args, 'newest');
        const range = behind(
          toTimeRange(args.from, args.to),
          readCursor(page.after, parsePageCursor),
          readCursor(page.before, parsePageCursor),
        );
        const now = await venues.now((await venues.findRunning()) ?? 'BINANCE');
        const knownAt = args.knownAt ?? now;
        if (knownAt > now) throw new AppError('BAD_USER_INPUT', `knownAt is ${toIso(knownAt)}, which lies after now, ${toIso(now)}`);
        const found = await external.findPoints({ key: args.key, range, knownAt, limit: page.limit + 1, take: page.take });
        if (found.length === 0 && !(await external.hasSeries(args.key))) {
          throw new AppError('NOT_FOUND', `series "${args.key.slice(0, 60)}" is not stored`);
        }
        return toConnection(found, page, ({ eventTime }) => toPageCursor(eventTime));
      },
    },
    { name: 'ExternalPointConnection' },
    { name: 'ExternalPointEdge' },
  ),
);
