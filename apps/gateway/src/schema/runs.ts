import { type RUN_STATES, toEpochMs } from '@candlecast/domain';
import { builder } from './builder.ts';
import { ModelRef } from './model.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost } from './row-pages.ts';

const RunStateEnum = builder.enumType('RunState', {
  description: 'How a run stands.',
  values: {
    RUNNING: { description: 'It is under way.' },
    DONE: { description: 'It made a model.' },
    FAILED: { description: 'It ended without a model.' },
    ABANDONED: { description: 'Its process is gone, and another began anew.' },
  } satisfies Record<(typeof RUN_STATES)[number], unknown>,
});

const RunParameterRef = builder.objectRef<{ name: string; value: string }>('RunParameter').implement({
  description: 'What a run was told.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Which setting.' }),
    value: t.exposeString('value', { description: 'As text.' }),
  }),
});

export const FigureRef = builder.objectRef<{ name: string; value: number }>('RunFigure').implement({
  description: 'A number by its name. Losses are mean pinball losses of log return ÷ sigma.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What was measured.' }),
    value: t.exposeFloat('value', { description: 'How much.' }),
  }),
});

builder.prismaObject('RunEpoch', {
  description: 'A pass over the training data.',
  fields: (t) => ({
    epoch: t.exposeInt('epoch', { description: '0 is before the first.' }),
    figures: t.field({ type: [FigureRef], description: 'What was measured after it.', resolve: ({ metrics }) => toFigures(metrics) }),
  }),
});

builder.prismaObject('RunArtifact', {
  description: 'A file that a run left.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    sha256: t.exposeString('sha256', { description: 'Of its bytes, in hexadecimal digits.' }),
    sizeBytes: t.exposeInt('sizeBytes', { description: 'How many bytes it has.' }),
  }),
});

const RunRef = builder.prismaObject('Run', {
  description: 'A training: what it was given, how it went, what it made.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Name of the run.' }),
    name: t.exposeString('name', { description: 'What was trained.' }),
    state: t.expose('state', { type: RunStateEnum, description: 'How it stands.' }),
    parameters: t.field({
      type: [RunParameterRef],
      description: 'What it was told, by name.',
      resolve: ({ parameters }) => entriesOf(parameters).map(([name, value]) => ({ name, value: `${value}` })),
    }),
    seed: t.field({ type: 'Float', description: 'Seed of everything random.', resolve: ({ seed }) => Number.parseInt(`${seed}`, 10) }),
    dataHash: t.exposeString('dataHash', { description: 'SHA-256 of everything that it learned from, in hexadecimal digits.' }),
    codeVersion: t.exposeString('codeVersion', { description: 'Which program trained.' }),
    figures: t.field({
      type: [FigureRef],
      description: 'What it measured in the end, by name.',
      resolve: ({ metrics }) => toFigures(metrics),
    }),
    epochs: t.relation('epochs', {
      description: 'How it went, in order.',
      query: { orderBy: { epoch: 'asc' } },
      complexity: { field: 1, multiplier: 10 },
    }),
    artifacts: t.relation('artifacts', { description: 'The files that it left.', query: { orderBy: { name: 'asc' } } }),
    model: t.field({
      type: ModelRef,
      nullable: true,
      description: 'The model that it made.',
      resolve: ({ modelId }, _, { models }) => (modelId === null ? null : models.load(modelId)),
    }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it began, by this system’s own clock.',
      resolve: ({ startedAt }) => toEpochMs(startedAt.getTime()),
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, by the same clock; null while it runs.',
      resolve: ({ endedAt }) => endedAt && toEpochMs(endedAt.getTime()),
    }),
    failure: t.exposeString('failure', { nullable: true, description: 'Code of what it failed of.' }),
  }),
});

builder.queryField('runs', (t) =>
  t.prismaConnection(
    {
      type: RunRef,
      cursor: 'id',
      defaultSize: DEFAULT_PAGE_ROWS,
      maxSize: MAX_PAGE_ROWS,
      description: `Trainings of the running venue, the newest first; ${DEFAULT_PAGE_ROWS} a page unless \`first\` says otherwise.`,
      complexity: pageCost,
      resolve: async (query, _, { first, last }, { prisma, venues }) => {
        toPageSize('first', first ?? last ?? 0);
        const venue = await venues.findRunning();
        if (!venue) return [];
        return prisma.run.findMany({ ...query, where: { venue }, orderBy: [{ startedAt: 'desc' }, { id: 'desc' }] });
      },
    },
    { name: 'RunConnection' },
    { name: 'RunEdge' },
  ),
);

function entriesOf(record: unknown): [string, unknown][] {
  return typeof record === 'object' && record !== null ? Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
}

/** Returns the numbers of a record, by name. */
export function toFigures(record: unknown): { name: string; value: number }[] {
  return entriesOf(record).flatMap(([name, value]) => (typeof value === 'number' ? [{ name, value }] : []));
}
