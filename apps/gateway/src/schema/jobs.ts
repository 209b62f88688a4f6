import { type JOB_STATES, toEpochMs } from '@candlecast/domain';
import { builder } from './builder.ts';

/** Jobs that are shown: scheduled ones are few, single ones add up. */
const MOST_JOBS = 100;

const JobStateEnum = builder.enumType('JobState', {
  description: 'Where a job stands.',
  values: {
    WAITING: { description: 'For its time, its next try, or a process that takes it.' },
    RUNNING: { description: 'A process has it.' },
    DONE: { description: 'It is over. Scheduled work waits for its next time instead.' },
    FAILED: { description: 'It was given up. Scheduled work waits for its next time instead.' },
  } satisfies Record<(typeof JOB_STATES)[number], unknown>,
});

const JobCadenceEnum = builder.enumType('JobCadence', {
  description: 'How often scheduled work comes, by the venue’s clock; days begin at UTC midnight.',
  values: {
    QUARTER_HOURLY: { description: 'At every quarter of an hour.' },
    DAILY: { description: 'Every day.' },
    WEEKLY: { description: 'On Mondays.' },
    MONTHLY: { description: 'On the first of the month.' },
  },
});

const toTime = (date: Date | null) => date && toEpochMs(date.getTime());

const JobRef = builder.prismaObject('Job', {
  description:
    'Work of the forecasters, training and what is scheduled, and the series from outside that ingest collects. One process has a job at a time. Times are of the venue’s clock.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Name of the job.' }),
    kind: t.exposeString('kind', { description: 'What is done: "train-first", "retrain", "collect-series" …' }),
    key: t.exposeString('key', { description: 'Which of its kind, such as the key of the series; "only" where there is one.' }),
    state: t.expose('state', { type: JobStateEnum, description: 'Where it stands.' }),
    cadence: t.expose('cadence', { type: JobCadenceEnum, nullable: true, description: 'How often it comes; null for what is done once.' }),
    nextAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is due, or was as long as it waits or runs; null when it is over.',
      resolve: ({ state, dueAt }) => (state === 'WAITING' || state === 'RUNNING' ? toEpochMs(dueAt.getTime()) : null),
    }),
    attempts: t.exposeInt('attempts', { description: 'Tries since it became due.' }),
    lastStartedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its last try began; null before the first.',
      resolve: ({ lastStartedAt }) => toTime(lastStartedAt),
    }),
    lastEndedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a try of it ended last, well or not; null before that.',
      resolve: ({ lastEndedAt }) => toTime(lastEndedAt),
    }),
    lastFailure: t.exposeString('lastFailure', { nullable: true, description: 'Code of what failed last; null after a success.' }),
  }),
});

builder.queryField('jobs', (t) =>
  t.prismaField({
    type: [JobRef],
    description: `Work of the running venue: what is scheduled and what is not over first, then the rest, the newest first; at most ${MOST_JOBS}.`,
    complexity: { field: MOST_JOBS, multiplier: 0 },
    resolve: async (query, _, __, { prisma, venues }) => {
      const venue = await venues.findRunning();
      if (!venue) return [];
      return prisma.job.findMany({
        ...query,
        where: { venue },
        orderBy: [{ state: 'asc' }, { dueAt: 'desc' }, { id: 'asc' }],
        take: MOST_JOBS,
      });
    },
  }),
);
