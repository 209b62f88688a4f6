import { type API_SCOPES, toDecimal, toEpochMs } from '@candlecast/domain';
import type { CreatedKey } from '../keys/key-desk.ts';
import { builder } from './builder.ts';

const authScopes = { admin: true } as const;

const ApiScopeEnum = builder.enumType('ApiScope', {
  description: 'What an API key may do beyond what everybody may.',
  values: {
    READ: { description: 'To read what is public under a quota of its own.' },
    TRACK: { description: 'To change which instruments are tracked.' },
    NOTIFY: { description: 'To have alerts and webhooks.' },
    ADMIN: { description: 'To manage keys; includes the others.' },
  } satisfies Record<(typeof API_SCOPES)[number], unknown>,
});

const ApiKeyRef = builder.prismaObject('ApiKey', {
  description: 'What is known of an API key. Of the key itself only its beginning and a hash are stored.',
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Name of the key in the API.' }),
    prefix: t.exposeString('prefix', { description: 'How the key begins: its first 16 characters.' }),
    name: t.exposeString('name', { description: 'Whose it is, as was said when it was made.' }),
    scopes: t.expose('scopes', { type: [ApiScopeEnum], description: 'What it may do.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ createdAt }) => toEpochMs(createdAt.getTime()) }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ends; null: never.',
      resolve: ({ expiresAt }) => expiresAt && toEpochMs(expiresAt.getTime()),
    }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to a few seconds.',
      resolve: ({ lastUsedAt }) => lastUsedAt && toEpochMs(lastUsedAt.getTime()),
    }),
    usedPoints: t.field({
      type: 'Decimal',
      description: 'Cost points that it has spent in all, to a few seconds.',
      resolve: ({ usedPoints }) => toDecimal(`${usedPoints}`),
    }),
    revokedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked.',
      resolve: ({ revokedAt }) => revokedAt && toEpochMs(revokedAt.getTime()),
    }),
    replacedBy: t.exposeID('replacedById', { nullable: true, description: 'The key that its rotation made.' }),
  }),
});

const CreatedApiKeyRef = builder.objectRef<CreatedKey>('CreatedApiKey').implement({
  description: 'A key that was just made.',
  authScopes,
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The key itself. Keep it: it is not shown again.' }),
    apiKey: t.prismaField({
      type: ApiKeyRef,
      description: 'What is known of it from now on.',
      resolve: (query, { id }, _, { prisma }) => prisma.apiKey.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'The key to be made.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Whose it is: 1 to 100 letters.' }),
    scopes: t.field({ type: [ApiScopeEnum], required: true, description: 'What it may do, at least one.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends; never when absent.' }),
  }),
});

/** More than anybody has; the newest first. */
const MOST_KEYS = 1_000;

builder.queryField('apiKeys', (t) =>
  t.prismaField({
    type: [ApiKeyRef],
    authScopes,
    description: `Every key, the newest first, at most ${MOST_KEYS}. Needs the scope ADMIN.`,
    complexity: { field: 100, multiplier: 0 },
    resolve: (query, _, __, { prisma }) =>
      prisma.apiKey.findMany({ ...query, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], take: MOST_KEYS }),
  }),
);

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: CreatedApiKeyRef,
    authScopes,
    description: 'Makes a key. Needs the scope ADMIN. Errors: BAD_USER_INPUT.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key to be made.' }) },
    resolve: (_, { input }, { keys }) => keys.create({ ...input, expiresAt: input.expiresAt ?? null }),
  }),
);

builder.mutationField('rotateApiKey', (t) =>
  t.field({
    type: CreatedApiKeyRef,
    authScopes,
    description:
      'Makes the successor of a key, with its name and scopes. Both work for 24 hours. Needs the scope ADMIN. Errors: NOT_FOUND.',
    args: { id: t.arg.id({ required: true, description: 'The key to be replaced.' }) },
    resolve: (_, { id }, { keys }) => keys.rotate(id),
  }),
);

builder.mutationField('revokeApiKey', (t) =>
  t.prismaField({
    type: ApiKeyRef,
    authScopes,
    description:
      'Ends a key for good: requests are refused and its sockets closed (4403) within seconds. Needs the scope ADMIN. Errors: NOT_FOUND.',
    args: { id: t.arg.id({ required: true, description: 'The key to be ended.' }) },
    async resolve(query, _, { id }, { keys, prisma }) {
      await keys.revoke(id);
      return prisma.apiKey.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
);
