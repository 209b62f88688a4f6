import {
  AppError,
  ceilToInterval,
  closeTimeOf,
  type EpochMs,
  type EXTERNAL_FILLS,
  type ExternalFill,
  type Interval,
  intervalMs,
  type KnownValue,
  readAsKnown,
  type TimeRange,
  toIso,
} from '@candlecast/domain';
import { builder } from './builder.ts';
import { MAX_PAGE_ROWS } from './page-size.ts';

interface OverlayBar extends KnownValue {
  readonly openTime: EpochMs;
}

/** Versions of points that an overlay may be made of. */
const MOST_VERSIONS = 20_000;

const ExternalFillEnum = builder.enumType('ExternalFill', {
  description: 'What a series from outside says between two of its points.',
  values: {
    FORWARD: { description: 'What was known at the close of the bar: the past as it was.' },
    LINEAR: {
      description:
        'The straight line to the next point, where that was known by `knownAt`; it looks ahead of the bar, so it is for looking only.',
    },
  } satisfies Record<(typeof EXTERNAL_FILLS)[number], unknown>,
});

const OverlayBarRef = builder.objectRef<OverlayBar>('ExternalOverlayBar').implement({
  description: 'What a series from outside says at a bar of a chart.',
  fields: (t) => ({
    openTime: t.expose('openTime', { type: 'DateTime', description: 'Open time of the bar.' }),
    value: t.expose('value', { type: 'Decimal', description: 'The value at the close of the bar.' }),
    eventTime: t.expose('eventTime', { type: 'DateTime', description: 'What the newest point behind it is about.' }),
    knownAt: t.expose('knownAt', { type: 'DateTime', description: 'When that point could first be known.' }),
  }),
});

builder.queryField('externalOverlay', (t) =>
  t.field({
    type: [OverlayBarRef],
    description:
      'A series from outside on the bars of a chart, oldest first: of the bars that open in [from, to), and not after now, those for which it ' +
      `says something. NOT_FOUND for a key under which nothing is stored; at most ${MAX_PAGE_ROWS} bars.`,
    args: {
      key: t.arg.id({ required: true, description: 'The series.' }),
      interval: t.arg({ type: 'Interval', required: true, description: 'Length of a bar.' }),
      from: t.arg({ type: 'DateTime', required: true, description: 'First open time, inclusive.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'End, exclusive.' }),
      fill: t.arg({ type: ExternalFillEnum, defaultValue: 'FORWARD', description: 'What it says between two points.' }),
      knownAt: t.arg({ type: 'DateTime', description: 'Only bars and points of the time until then; now when absent.' }),
    },
    complexity: ({ interval, from, to }) => ({ field: Math.min(MAX_PAGE_ROWS, countBars(interval, { from, to })), multiplier: 0 }),
    resolve: async (_, { key, interval, from, to, fill, knownAt }, { external, venues }) => {
      if (from > to) throw new AppError('BAD_USER_INPUT', 'from lies after to');
      const bars = countBars(interval, { from, to });
      if (bars > MAX_PAGE_ROWS) throw new AppError('RANGE_TOO_LARGE', `${bars} bars are asked for, at most ${MAX_PAGE_ROWS} are allowed`);
      const now = await venues.now((await venues.findRunning()) ?? 'BINANCE');
      const until = knownAt ?? now;
      if (until > now) throw new AppError('BAD_USER_INPUT', `knownAt is ${toIso(until)}, which lies after now, ${toIso(now)}`);
      const range = { from, to: until < to ? until : to };
      const versions = await external.findVersions({ key, range, knownBy: until, limit: MOST_VERSIONS + 1 });
      if (versions.length > MOST_VERSIONS) throw new AppError('RANGE_TOO_LARGE', `the series has more than ${MOST_VERSIONS} points there`);
      if (versions.length === 0 && !(await external.hasSeries(key)))
        throw new AppError('NOT_FOUND', `series "${key.slice(0, 60)}" is not stored`);
      const openTimes = toOpenTimes(interval, range);
      // The newest bar may still be open: it is told by what is known by now.
      const closes = openTimes.map((openTime) => Math.min(closeTimeOf(openTime, interval), until) as EpochMs);
      const asKnown: { fill: ExternalFill; knownAt?: EpochMs } = fill === 'LINEAR' ? { fill, knownAt: until } : { fill: 'FORWARD' };
      return readAsKnown(versions, closes, asKnown).flatMap((known, index) =>
        known ? { openTime: openTimes[index] as EpochMs, value: known.value, eventTime: known.eventTime, knownAt: known.knownAt } : [],
      );
    },
  }),
);

function countBars(interval: Interval, { from, to }: TimeRange): number {
  return Math.max(0, Math.ceil((to - from) / intervalMs(interval)));
}

function toOpenTimes(interval: Interval, { from, to }: TimeRange): EpochMs[] {
  const times: EpochMs[] = [];
  for (let time = ceilToInterval(from, interval); time < to; time = closeTimeOf(time, interval)) times.push(time);
  return times;
}
