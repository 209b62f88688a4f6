import { addMs, DAY_MS, type DriftAlarm, HORIZONS, type Horizon, toEpochMs } from '@candlecast/domain';
import { builder } from './builder.ts';
import { ModelRef } from './model.ts';

/** Checks are made daily; an older one says nothing of today. */
const KEPT_DAYS = 3;

const DriftAlarmEnum = builder.enumType('DriftAlarm', {
  description: 'What the champion of a horizon has lost. An alarm changes no champion.',
  values: {
    SKILL: {
      description: 'It lost more than the reference: over a week up to 2 hours, over a month beyond; from 12 hours on by more than 2 %.',
    },
    COVERAGE: { description: 'Of 14 days of prices its bands of 90 % held a share that chance does not explain.' },
    CLIPPED: { description: 'More than 5 % of a day’s features lay beyond four deviations of its training.' },
    GAPS: { description: 'A live instrument has a recorded gap of more than an hour in the day.' },
  } satisfies Record<DriftAlarm, unknown>,
});

const DriftCheckRef = builder.prismaObject('DriftCheck', {
  description: 'How the champion of a horizon stood at a midnight of the venue’s clock.',
  fields: (t) => ({
    horizon: t.field({ type: 'Horizon', description: 'Whose champion.', resolve: ({ horizon }) => horizon as Horizon }), // written from horizons
    at: t.field({ type: 'DateTime', description: 'The midnight.', resolve: ({ at }) => toEpochMs(at.getTime()) }),
    model: t.field({
      type: ModelRef,
      description: 'The champion’s newest version then.',
      resolve: ({ modelId }, _, { models }) => models.load(modelId),
    }),
    alarms: t.field({
      type: [DriftAlarmEnum],
      description: 'What it has lost; nothing where it stood well, or too little was known.',
      resolve: ({ alarms }) => alarms as DriftAlarm[], // written from alarms
    }),
    lossRatio: t.exposeFloat('lossRatio', {
      nullable: true,
      description: 'CRPS over the reference’s in the window of its rule, below 1 is better; null where too few days were scored.',
    }),
    coverage90: t.exposeFloat('coverage90', { nullable: true, description: 'Share of prices within the bands of 90 %; null as above.' }),
    clippedShare: t.exposeFloat('clippedShare', {
      nullable: true,
      description: 'Share of the day’s features beyond four deviations of the training; null for a model that scales none.',
    }),
    gappedInstruments: t.exposeInt('gappedInstruments', {
      description: 'Live instruments with a recorded gap of more than an hour in the day.',
    }),
  }),
});

builder.queryField('drift', (t) =>
  t.prismaField({
    type: [DriftCheckRef],
    description: `How the champions of the running venue stood when that was looked at last, daily, shortest horizon first; nothing older than ${KEPT_DAYS} days.`,
    complexity: { field: HORIZONS.length, multiplier: 0 },
    resolve: async (query, _, __, { prisma, venues }) => {
      const venue = await venues.findRunning();
      if (!venue) return [];
      const since = addMs(await venues.now(venue), -KEPT_DAYS * DAY_MS);
      const found = await prisma.driftCheck.findMany({
        ...query,
        where: { venue, at: { gte: new Date(since) } },
        orderBy: { at: 'desc' },
      });
      return HORIZONS.flatMap((horizon) => found.find((check) => check.horizon === horizon) ?? []);
    },
  }),
);
