import { type ALERT_STATES, type AlertRule, AppError, type Crossed, toDecimal, toEpochMs } from '@candlecast/domain';
import { LONGEST_COOLDOWN_MS, LONGEST_NOTE, MOST_ALERTS } from '../alerts/alert-desk.ts';
import { ownersOf } from '../keys/owners-of.ts';
import { loadInstrument } from '../market/find-instruments.ts';
import { AlertKindEnum, AlertRuleInput, AlertRuleRef, readRule } from './alert-rules.ts';
import { builder } from './builder.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost } from './row-pages.ts';

const authScopes = { notify: true } as const;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** In rows: what is made is looked after for long. */
const CREATION_COST = 500;

const AlertStateEnum = builder.enumType('AlertState', {
  description: 'Where an alert stands.',
  values: {
    ACTIVE: { description: 'It is looked after.' },
    DONE: { description: 'It was to fire once, and has.' },
    EXPIRED: { description: 'Its time is over.' },
  } satisfies Record<(typeof ALERT_STATES)[number], unknown>,
});

export const CrossedEnum = builder.enumType('Crossed', {
  description: 'Which way a value went through its level.',
  values: { UP: { description: 'From below to above it.' }, DOWN: { description: 'From above to below it.' } },
});

export const AlertFiringRef = builder.prismaObject('AlertFiring', {
  description: 'That an alert has fired, and why. Kept for 30 days.',
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Name of the firing, the same in the list, the subscription and webhooks.' }),
    alertId: t.exposeID('alertId', { description: 'The alert.' }),
    at: t.field({ type: 'DateTime', description: 'When, on the venue’s clock.', resolve: ({ at }) => toEpochMs(at.getTime()) }),
    crossed: t.field({
      type: CrossedEnum,
      description: 'Which way the value went through the level.',
      resolve: ({ crossed }) => crossed as Crossed, // as the database checks
    }),
    value: t.field({ type: 'Decimal', description: 'What the value was.', resolve: ({ value }) => toDecimal(value) }),
    level: t.field({ type: 'Decimal', description: 'What the level was.', resolve: ({ level }) => toDecimal(level) }),
    reason: t.exposeString('reason', { description: 'The same in a sentence, for people.' }),
  }),
});

const AlertRef = builder.prismaObject('Alert', {
  description: 'What its owner is told when it happens. Kept for 30 days once it is over.',
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Name of the alert.' }),
    symbol: t.exposeID('symbol', { description: 'The instrument: "VENUE:SYMBOL".' }),
    kind: t.field({ type: AlertKindEnum, description: 'What kind of thing it looks at.', resolve: ({ kind }) => kind }),
    rule: t.field({
      type: AlertRuleRef,
      description: 'What it looks at.',
      resolve: ({ kind, rule }) => ({ ...(rule as AlertRule), kind }),
    }),
    note: t.exposeString('note', { nullable: true, description: 'What its owner wrote; told with every firing.' }),
    once: t.exposeBoolean('once', { description: 'Whether it fires once and is then DONE.' }),
    cooldownMs: t.int({
      description: 'How long it keeps quiet after it has fired, in milliseconds of the venue’s time.',
      resolve: ({ cooldownMs }) => toMs(cooldownMs),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'From then on it fires no more, on the venue’s clock; null: never.',
      resolve: ({ expiresAt }) => expiresAt && toEpochMs(expiresAt.getTime()),
    }),
    state: t.expose('state', { type: AlertStateEnum, description: 'Where it stands.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ createdAt }) => toEpochMs(createdAt.getTime()) }),
    firedCount: t.exposeInt('firedCount', { description: 'How often it has fired.' }),
    lastFiredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it fired last, on the venue’s clock.',
      resolve: ({ lastFiredAt }) => lastFiredAt && toEpochMs(lastFiredAt.getTime()),
    }),
  }),
});

const CreateAlertInput = builder.inputType('CreateAlertInput', {
  description: 'The alert to be made.',
  fields: (t) => ({
    symbol: t.id({ required: true, description: 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.' }),
    rule: t.field({ type: AlertRuleInput, required: true, description: 'What it is to look at.' }),
    note: t.string({ description: `What is told with every firing, at most ${LONGEST_NOTE} letters.` }),
    once: t.boolean({ required: true, defaultValue: false, description: 'Whether it fires once and is then over.' }),
    cooldownMs: t.int({
      required: true,
      defaultValue: 0,
      description: `How long it keeps quiet after it has fired, in milliseconds of the venue’s time: 0 to ${LONGEST_COOLDOWN_MS}.`,
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'From then on it fires no more, on the venue’s clock.' }),
  }),
});

builder.queryField('alerts', (t) =>
  t.prismaField({
    type: [AlertRef],
    authScopes,
    description: 'The caller’s alerts, oldest first. Needs the scope NOTIFY.',
    complexity: { field: MOST_ALERTS, multiplier: 0 },
    resolve: async (query, _, __, { caller, prisma }) =>
      prisma.alert.findMany({
        ...query,
        where: { owner: { in: await ownersOf(caller, prisma) } },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),
  }),
);

builder.queryField('alertFirings', (t) =>
  t.prismaConnection(
    {
      type: AlertFiringRef,
      cursor: 'id',
      authScopes,
      defaultSize: DEFAULT_PAGE_ROWS,
      maxSize: MAX_PAGE_ROWS,
      description:
        `What the caller’s alerts have fired, the newest first; ${DEFAULT_PAGE_ROWS} a page unless \`first\` says otherwise. Needs the scope NOTIFY. ` +
        'Errors: NOT_FOUND.',
      args: { alertId: t.arg.id({ description: 'Only of this alert; of all when absent.' }) },
      complexity: pageCost,
      resolve: async (query, _, { alertId, first, last }, { caller, prisma }) => {
        toPageSize('first', first ?? last ?? 0);
        const owner = { in: await ownersOf(caller, prisma) };
        if (alertId != null && !(ID.test(alertId) && (await prisma.alert.findFirst({ where: { id: alertId, owner } })))) {
          throw notThere(alertId);
        }
        return prisma.alertFiring.findMany({
          ...query,
          where: { alert: { owner }, ...(alertId == null ? {} : { alertId }) },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'AlertFiringConnection', authScopes },
    { name: 'AlertFiringEdge', authScopes },
  ),
);

builder.mutationField('createAlert', (t) =>
  t.prismaField({
    type: AlertRef,
    authScopes,
    description:
      `Makes an alert: it looks at what happens from now on, and its firings are told by \`alertFired\` and by webhooks. At most ${MOST_ALERTS} an ` +
      'owner. Needs the scope NOTIFY. Errors: BAD_USER_INPUT for a rule that cannot be, SYMBOL_NOT_FOUND, QUOTA_EXCEEDED.',
    args: { input: t.arg({ type: CreateAlertInput, required: true, description: 'The alert to be made.' }) },
    complexity: { field: CREATION_COST, multiplier: 0 },
    async resolve(query, _, { input }, context) {
      const [owner] = await ownersOf(context.caller, context.prisma);
      const { id: instrumentId } = await loadInstrument(context, input.symbol);
      const { note, once, cooldownMs, expiresAt } = input;
      const wish = { instrumentId, ...readRule(input.rule), note: note ?? null, once, cooldownMs, expiresAt: expiresAt ?? null };
      const id = await context.alerts.create(owner, wish);
      return context.prisma.alert.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
);

builder.mutationField('deleteAlert', (t) =>
  t.prismaField({
    type: AlertRef,
    authScopes,
    description: 'Removes an alert with its firings, and returns what it was. Needs the scope NOTIFY. Errors: NOT_FOUND.',
    args: { id: t.arg.id({ required: true, description: 'The alert.' }) },
    async resolve(query, _, { id }, { caller, prisma, alerts }) {
      const owners = await ownersOf(caller, prisma);
      const alert = ID.test(id) ? await prisma.alert.findFirst({ ...query, where: { id, owner: { in: owners } } }) : null;
      await alerts.remove(owners, id);
      if (!alert) throw notThere(id);
      return alert;
    },
  }),
);

function notThere(id: string): AppError {
  return new AppError('NOT_FOUND', `alert "${id.slice(0, 60)}" is not there`);
}

/** At most a week: exact. */
function toMs(ms: bigint): number {
  return Number.parseInt(`${ms}`, 10);
}
