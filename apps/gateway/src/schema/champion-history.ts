import { type CHAMPION_REASONS, type Horizon, toEpochMs } from '@candlecast/domain';
import { builder } from './builder.ts';
import { ModelRef } from './model.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost } from './row-pages.ts';
import { FigureRef, toFigures } from './runs.ts';

const ChampionReasonEnum = builder.enumType('ChampionReason', {
  description: 'Why the champion of a horizon changed.',
  values: {
    INSTALLED: { description: 'There was none, or a fresh version of one that had expired came.' },
    PROMOTED: { description: 'A challenger fulfilled every clause of the promotion rule on the same origins.' },
    ROLLED_BACK: { description: 'A promoted one lost more than its predecessor over 30 days.' },
    EXPIRED: { description: 'It had seen nothing of the last 45 days.' },
  } satisfies Record<(typeof CHAMPION_REASONS)[number], unknown>,
});

const ChampionChangeRef = builder.prismaObject('ChampionChange', {
  description: 'Since a moment, the forecasts of a horizon that are shown are those of this model.',
  fields: (t) => ({
    id: t.id({ description: 'Number of the change.', resolve: ({ id }) => `${id}` }),
    horizon: t.field({ type: 'Horizon', description: 'Whose champion.', resolve: ({ horizon }) => horizon as Horizon }), // written from horizons
    champion: t.exposeString('name', { description: 'Name of the model; its newest version serves.' }),
    model: t.field({
      type: ModelRef,
      description: 'Its newest version then.',
      resolve: ({ modelId }, _, { models }) => models.load(modelId),
    }),
    former: t.exposeString('formerName', { nullable: true, description: 'Name of the model before; null for the first of a horizon.' }),
    reason: t.expose('reason', { type: ChampionReasonEnum, description: 'Why.' }),
    at: t.field({ type: 'DateTime', description: 'When, by the venue’s clock.', resolve: ({ at }) => toEpochMs(at.getTime()) }),
    decidedBy: t.exposeString('decidedBy', { description: 'Which rule, or who.' }),
    figures: t.field({
      type: [FigureRef],
      description: 'The numbers that decided, by name.',
      resolve: ({ figures }) => toFigures(figures),
    }),
  }),
});

builder.queryField('championHistory', (t) =>
  t.prismaConnection(
    {
      type: ChampionChangeRef,
      cursor: 'id',
      defaultSize: DEFAULT_PAGE_ROWS,
      maxSize: MAX_PAGE_ROWS,
      description: `Who forecast what in the running venue, the newest change first; ${DEFAULT_PAGE_ROWS} a page unless \`first\` says otherwise.`,
      complexity: pageCost,
      resolve: async (query, _, { first, last }, { prisma, venues }) => {
        toPageSize('first', first ?? last ?? 0);
        const venue = await venues.findRunning();
        return venue ? prisma.championChange.findMany({ ...query, where: { venue }, orderBy: { id: 'desc' } }) : [];
      },
    },
    { name: 'ChampionChangeConnection' },
    { name: 'ChampionChangeEdge' },
  ),
);
