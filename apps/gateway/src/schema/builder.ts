import { AppError, type Decimal, type EpochMs, type Horizon, type Interval } from '@candlecast/domain';
import { getDatamodel, type PrismaTypes } from '@candlecast/store/pothos';
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { GatewayContext } from '../context.ts';
import { type AuthScopes, readAuthScopes, toRefusal } from './auth-scopes.ts';

/** Rows that one operation may ask for, over all of its fields. */
export const MAX_ROWS_AN_OPERATION = 10_000;

/** Builds the schema. Fields are not null unless they say so; a field costs nothing unless it says how many rows it reads. */
export const builder = new SchemaBuilder<{
  Context: GatewayContext;
  AuthScopes: AuthScopes;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: EpochMs; Output: EpochMs };
    Date: { Input: EpochMs; Output: EpochMs };
    Decimal: { Input: Decimal; Output: Decimal };
    Interval: { Input: Interval; Output: Interval };
    Horizon: { Input: Horizon; Output: Horizon };
    Cursor: { Input: string; Output: string };
  };
}>({
  plugins: [ScopeAuthPlugin, ComplexityPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  relay: {
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    edgesFieldOptions: { nullable: { list: false, items: false }, description: 'The rows of the page, in order.' },
    nodeFieldOptions: { nullable: false, description: 'The row.' },
    cursorFieldOptions: { nullable: false, description: 'Place of the row in the list, for `after` and `before`.' },
    pageInfoFieldOptions: { nullable: false, description: 'How the page lies in the list.' },
    pageInfoTypeOptions: { description: 'How a page lies in its list.' },
    hasNextPageFieldOptions: { nullable: false, description: 'Whether rows follow the page. Backward: whether `before` was given.' },
    hasPreviousPageFieldOptions: { nullable: false, description: 'Whether rows come before the page. Forward: whether `after` was given.' },
    startCursorFieldOptions: { nullable: true, description: 'Cursor of the first row.' },
    endCursorFieldOptions: { nullable: true, description: 'Cursor of the last row.' },
    firstArgOptions: { description: 'Rows of a page that goes forward.' },
    afterArgOptions: { description: 'The page begins after this cursor.' },
    lastArgOptions: { description: 'Rows of a page that goes backward.' },
    beforeArgOptions: { description: 'The page ends before this cursor.' },
    defaultConnectionTypeOptions: { description: 'A page of rows.' },
    defaultEdgeTypeOptions: { description: 'A row and its place in the list.' },
  },
  scopeAuth: {
    // Before a subscription begins, not with its first event.
    authorizeOnSubscribe: true,
    authScopes: readAuthScopes,
    unauthorizedError: (_parent, context, _info, { failure }) => toRefusal(context, failure),
  },
  prisma: { client: ({ prisma }) => prisma, dmmf: getDatamodel() },
  complexity: {
    defaultComplexity: 0,
    defaultListMultiplier: 1,
    limit: { complexity: MAX_ROWS_AN_OPERATION },
    complexityError: (_kind, { complexity }) =>
      new AppError(
        'COST_LIMIT_EXCEEDED',
        `the operation asks for up to ${complexity} rows, at most ${MAX_ROWS_AN_OPERATION} are allowed: split it`,
      ),
  },
});

builder.queryType({ description: 'Stored market data and forecasts.' });
builder.mutationType({ description: 'What clients may change. Over POST and WebSocket only, never by GET.' });
builder.subscriptionType({
  description:
    'Live data over graphql-transport-ws and server-sent events. Durable events carry a cursor; `after` continues exactly after one. ' +
    'Latest-only values are conflated: a slow reader gets the newest.',
});
