import { AppError, type InstrumentId, type Interval, toDecimal, toEpochMs, type WEBHOOK_DELIVERY_STATES } from '@candlecast/domain';
import { ownersOf } from '../keys/owners-of.ts';
import { loadInstruments } from '../market/find-instruments.ts';
import { EVENT_KINDS } from '../webhooks/event-kinds.ts';
import { type CreatedWebhook, MOST_WEBHOOKS } from '../webhooks/webhook-desk.ts';
import { builder } from './builder.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';
import { DEFAULT_PAGE_ROWS, pageCost } from './row-pages.ts';

const authScopes = { notify: true } as const;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WebhookEventEnum = builder.enumType('WebhookEvent', {
  description: 'What webhooks can be told. Bodies name it in lower case with a point: "candle.closed".',
  values: Object.fromEntries(
    EVENT_KINDS.map(({ name, description }) => [name.replaceAll('.', '_').toUpperCase(), { value: name, description }]),
  ),
});

const WebhookDeliveryStateEnum = builder.enumType('WebhookDeliveryState', {
  description: 'Where a delivery stands.',
  values: {
    PENDING: { description: 'It is being sent, or waits for its next try.' },
    DELIVERED: { description: 'The target said 2xx.' },
    DEAD: { description: 'A day of tries has failed: `redeliver` sends it again.' },
  } satisfies Record<(typeof WEBHOOK_DELIVERY_STATES)[number], unknown>,
});

const WebhookRef = builder.prismaObject('Webhook', {
  description: 'Where events are sent to. Its secret is shown once, when it is made.',
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Name of the webhook.' }),
    url: t.exposeString('url', { description: 'The target.' }),
    events: t.field({ type: [WebhookEventEnum], description: 'What it is told.', resolve: ({ events }) => events }),
    symbols: t.idList({ description: 'Of which instruments; none: of all.', resolve: ({ symbols }) => symbols }),
    intervals: t.field({
      type: ['Interval'],
      description: 'Of candles of which intervals; none: of all.',
      resolve: ({ intervals }) => intervals as Interval[], // written from intervals
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ createdAt }) => toEpochMs(createdAt.getTime()) }),
    dropped: t.field({
      type: 'Decimal',
      description: 'Events that it never gets because 10,000 deliveries waited for it already.',
      resolve: ({ dropped }) => toDecimal(`${dropped}`),
    }),
  }),
});

const WebhookDeliveryRef = builder.prismaObject('WebhookDelivery', {
  description: 'An event on its way to a webhook, or past it. Kept for 30 days.',
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The `webhook-id` header and the body’s `id`: the same for every try.' }),
    event: t.field({ type: WebhookEventEnum, description: 'What it tells.', resolve: ({ event }) => event }),
    state: t.expose('state', { type: WebhookDeliveryStateEnum, description: 'Where it stands.' }),
    body: t.exposeString('body', { description: 'What is sent, byte for byte.' }),
    attempts: t.exposeInt('attempts', { description: 'Tries since it was queued, or queued again.' }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was queued.',
      resolve: ({ createdAt }) => toEpochMs(createdAt.getTime()),
    }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next; null when it is over.',
      resolve: ({ state, nextAttemptAt }) => (state === 'PENDING' ? toEpochMs(nextAttemptAt.getTime()) : null),
    }),
    lastAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was tried last.',
      resolve: ({ lastAttemptAt }) => lastAttemptAt && toEpochMs(lastAttemptAt.getTime()),
    }),
    lastStatus: t.exposeInt('lastStatus', { nullable: true, description: 'HTTP status of the last answer; null when there was none.' }),
    lastError: t.exposeString('lastError', { nullable: true, description: 'What failed last; null after a success.' }),
  }),
});

const CreatedWebhookRef = builder.objectRef<CreatedWebhook>('CreatedWebhook').implement({
  description: 'A webhook that was just made.',
  authScopes,
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'What its deliveries are signed with. Keep it: it is not shown again.' }),
    webhook: t.prismaField({
      type: WebhookRef,
      description: 'What is known of it from now on.',
      resolve: (query, { id }, _, { prisma }) => prisma.webhook.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'The webhook to be made.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description: 'The target: https at a public address, without user and password, at most 2,000 letters.',
    }),
    events: t.field({ type: [WebhookEventEnum], required: true, description: 'What it is told, at least one.' }),
    symbols: t.idList({ description: 'At most 50 of "VENUE:SYMBOL", or bare symbols of the running venue; every instrument when absent.' }),
    intervals: t.field({ type: ['Interval'], description: 'Of which intervals candles are told; every interval when absent.' }),
  }),
});

builder.queryField('webhooks', (t) =>
  t.prismaField({
    type: [WebhookRef],
    authScopes,
    description: 'The caller’s webhooks, oldest first. Needs the scope NOTIFY.',
    complexity: { field: MOST_WEBHOOKS, multiplier: 0 },
    resolve: async (query, _, __, { caller, prisma }) =>
      prisma.webhook.findMany({
        ...query,
        where: { owner: { in: await ownersOf(caller, prisma) } },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),
  }),
);

builder.queryField('webhookDeliveries', (t) =>
  t.prismaConnection(
    {
      type: WebhookDeliveryRef,
      cursor: 'id',
      authScopes,
      defaultSize: DEFAULT_PAGE_ROWS,
      maxSize: MAX_PAGE_ROWS,
      description:
        `The deliveries of one of the caller’s webhooks, the newest first; ${DEFAULT_PAGE_ROWS} a page unless \`first\` says otherwise. ` +
        'Needs the scope NOTIFY. Errors: NOT_FOUND.',
      args: {
        webhookId: t.arg.id({ required: true, description: 'The webhook.' }),
        state: t.arg({ type: WebhookDeliveryStateEnum, description: 'Only those that stand there; all when absent.' }),
      },
      complexity: pageCost,
      resolve: async (query, _, { webhookId, state, first, last }, { caller, prisma }) => {
        toPageSize('first', first ?? last ?? 0);
        const owners = await ownersOf(caller, prisma);
        const webhook = ID.test(webhookId) ? await prisma.webhook.findFirst({ where: { id: webhookId, owner: { in: owners } } }) : null;
        if (!webhook) throw new AppError('NOT_FOUND', `webhook "${webhookId.slice(0, 60)}" is not there`);
        return prisma.webhookDelivery.findMany({
          ...query,
          where: { webhookId, ...(state ? { state } : {}) },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'WebhookDeliveryConnection', authScopes },
    { name: 'WebhookDeliveryEdge', authScopes },
  ),
);

builder.mutationField('createWebhook', (t) =>
  t.field({
    type: CreatedWebhookRef,
    authScopes,
    description:
      `Makes a webhook: what is logged from now on is sent to it, signed by the Standard Webhooks specification, at least once. At most ${MOST_WEBHOOKS} ` +
      'an owner. Needs the scope NOTIFY. Errors: BAD_USER_INPUT for a target that may not be called, SYMBOL_NOT_FOUND, QUOTA_EXCEEDED.',
    args: { input: t.arg({ type: CreateWebhookInput, required: true, description: 'The webhook to be made.' }) },
    async resolve(_, { input }, context) {
      const [owner] = await ownersOf(context.caller, context.prisma);
      const symbols: InstrumentId[] = input.symbols ? (await loadInstruments(context, input.symbols)).map(({ id }) => id) : [];
      return context.webhooks.create(owner, { url: input.url, events: input.events, symbols, intervals: input.intervals ?? [] });
    },
  }),
);

builder.mutationField('deleteWebhook', (t) =>
  t.prismaField({
    type: WebhookRef,
    authScopes,
    description: 'Removes a webhook with its deliveries, and returns what it was. Needs the scope NOTIFY. Errors: NOT_FOUND.',
    args: { id: t.arg.id({ required: true, description: 'The webhook.' }) },
    async resolve(query, _, { id }, { caller, prisma, webhooks }) {
      const owners = await ownersOf(caller, prisma);
      const webhook = ID.test(id) ? await prisma.webhook.findFirst({ ...query, where: { id, owner: { in: owners } } }) : null;
      await webhooks.remove(owners, id);
      if (!webhook) throw new AppError('NOT_FOUND', `webhook "${id.slice(0, 60)}" is not there`);
      return webhook;
    },
  }),
);

builder.mutationField('redeliver', (t) =>
  t.prismaField({
    type: WebhookDeliveryRef,
    authScopes,
    description: 'Sends a delivery again, whether it is dead or not, for another day of tries. Needs the scope NOTIFY. Errors: NOT_FOUND.',
    args: { deliveryId: t.arg.id({ required: true, description: 'The delivery.' }) },
    async resolve(query, _, { deliveryId }, { caller, prisma, webhooks }) {
      await webhooks.redeliver(await ownersOf(caller, prisma), deliveryId);
      return prisma.webhookDelivery.findUniqueOrThrow({ ...query, where: { id: deliveryId } });
    },
  }),
);
