import { AppError, type EpochMs, type Model, parseKeyCursor, splitInstrumentId, toKeyCursor, type Venue } from '@candlecast/domain';
import type { GatewayContext } from '../context.ts';
import { toAsOf } from '../market/as-of.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import type { ModelNode } from '../market/forecast-nodes.ts';
import { AsOfInputRef } from './as-of.ts';
import { builder } from './builder.ts';
import { ModelKindEnum } from './enums.ts';
import { pageCost, readCursor, toConnection, toPageRequest } from './row-pages.ts';

export const ModelRef = builder.objectRef<ModelNode>('Model').implement({
  description: 'What made a forecast. A model never changes once it is named.',
  fields: (t) => ({
    id: t.id({ description: 'Stable id.', resolve: ({ id }) => `${id}` }),
    name: t.exposeString('name', { description: 'What it is called.' }),
    version: t.exposeString('version', { description: 'Which training of it.' }),
    kind: t.expose('kind', { type: ModelKindEnum, description: 'What kind of model.' }),
    sha256: t.exposeString('sha256', { nullable: true, description: 'Of its file; null for what has none because it is not trained.' }),
    trainedFrom: t.expose('trainedFrom', {
      type: 'DateTime',
      nullable: true,
      description: 'Where its training data begin; null for what is not trained.',
    }),
    trainedThrough: t.expose('trainedThrough', {
      type: 'DateTime',
      nullable: true,
      description: 'It has seen no candle that closed after this; null for what is not trained.',
    }),
    featureSchema: t.exposeInt('featureSchema', { description: 'Version of the features that it is given.' }),
  }),
});

const ModelRoleEnum = builder.enumType('ModelRole', {
  description:
    'BASELINE: a simple rule that is served beside the networks. SERVING: the newest training of its name, if that is the champion of a horizon or there ' +
    'are no champions yet. CHALLENGER: the newest training of another name, which forecasts in the shadow. RETIRED: an older training.',
  values: ['BASELINE', 'SERVING', 'CHALLENGER', 'RETIRED'] as const,
});

builder.queryField('models', (t) =>
  t.connection(
    {
      type: ModelRef,
      description: 'Models that have issued forecasts of the running venue: the one that is shown first comes first.',
      args: {
        symbol: t.arg.id({
          description: 'Only those that have issued for this instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.',
        }),
        role: t.arg({ type: ModelRoleEnum, description: 'Only those in this role.' }),
        asOf: t.arg({ type: AsOfInputRef, description: 'Only those that had issued by then; both meanings are the same here.' }),
      },
      complexity: pageCost,
      resolve: async (_, args, context) => {
        const page = toPageRequest(args, 'oldest');
        if (page.take === 'newest' || page.before !== undefined)
          throw new AppError('BAD_USER_INPUT', 'models are paged forward: give first and after');
        const instrument = args.symbol == null ? undefined : await loadInstrument(context, args.symbol);
        const venue = instrument?.venue ?? (await context.venues.findRunning());
        if (!venue) return toConnection<Model>([], page, ({ id }) => toKeyCursor(`${id}`));
        const now = await context.venues.now(venue);
        const symbol = instrument && splitInstrumentId(instrument.id).symbol;
        const by = toAsOf(args.asOf, now)?.at ?? now;
        const ids = await context.forecasts.findIssuingModels(venue, symbol, by);
        const issuing = await Promise.all(ids.map((id) => context.models.load(id)));
        const champions = args.role == null ? [] : await findChampionNames(context.prisma, venue, by);
        const wanted = issuing.filter((model) => args.role == null || roleOf(model, issuing, champions) === args.role);
        const after = readCursor(page.after, parseKeyCursor);
        const start = after === undefined ? 0 : wanted.findIndex(({ id }) => `${id}` === after) + 1;
        if (after !== undefined && start === 0) throw new AppError('CURSOR_INVALID', 'the cursor names no model of this list');
        return toConnection(wanted.slice(start, start + page.limit + 1), page, ({ id }) => toKeyCursor(`${id}`));
      },
    },
    { name: 'ModelConnection' },
    { name: 'ModelEdge' },
  ),
);

/** Returns the names whose forecasts were shown at `by`, each once for every horizon; none before there were champions. */
async function findChampionNames({ championChange }: GatewayContext['prisma'], venue: Venue, by: EpochMs): Promise<string[]> {
  const newest = await championChange.findMany({
    where: { venue, at: { lte: new Date(by) } },
    orderBy: { id: 'desc' },
    distinct: ['horizon'],
    select: { name: true },
  });
  return newest.map(({ name }) => name);
}

function roleOf(
  { id, name, kind }: Model,
  all: readonly Model[],
  champions: readonly string[],
): 'BASELINE' | 'SERVING' | 'CHALLENGER' | 'RETIRED' {
  if (all.some((other) => other.name === name && other.id > id)) return 'RETIRED';
  if (kind === 'BASELINE') return 'BASELINE';
  return champions.length === 0 || champions.includes(name) ? 'SERVING' : 'CHALLENGER';
}
