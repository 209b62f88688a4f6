import { createLogger } from '@candlecast/telemetry';
import { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { GatewayContext, Services } from '../context.ts';
import { createKnownDocuments } from '../guard/known-documents.ts';
import type { Toll } from '../guard/toll.ts';
import { toAudience } from '../keys/audience.ts';
import { anybodyAt } from '../keys/caller.ts';
import { createGraphqlEndpoint } from './graphql-endpoint.ts';
import { openRenderer } from './shared-execution.ts';

const text = { type: new GraphQLNonNull(GraphQLString) };
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType<{ name: string }, GatewayContext>({
    name: 'Subscription',
    fields: {
      said: {
        type: new GraphQLNonNull(
          new GraphQLObjectType<{ name: string }, GatewayContext>({
            name: 'Said',
            fields: {
              name: text,
              secret: {
                type: GraphQLString,
                resolve: () => {
                  throw new Error('the password is 1234');
                },
              },
              service: { ...text, resolve: (_, __, context) => String(context.models) },
              caller: {
                ...text,
                resolve: (_, __, { caller, connection }) => `${[...caller.scopes]} ${caller.address}${connection.outlet}`,
              },
            },
          }),
        ),
        subscribe: () => {
          throw new Error('what is executed for all subscribes to nothing');
        },
        resolve: (event) => event,
      },
    },
  }),
});

const endpoint = createGraphqlEndpoint({
  schema,
  services: { models: 'models' } as unknown as Services,
  // Nothing is paid for what is executed for all.
  guard: { toll: undefined as unknown as Toll, documents: createKnownDocuments({ allowsAny: true }), hasIntrospection: true },
  logger: createLogger('test', 'silent'),
  corsOrigins: [],
  graphiql: undefined,
});

const AUDIENCE = toAudience({ ...anybodyAt('192.0.2.1'), scopes: new Set(['TRACK', 'READ']) }).caller;

const open = (selection: string) => openRenderer(endpoint, { document: parse(`subscription { said { ${selection} } }`) }, AUDIENCE);

describe('what is executed for all', () => {
  it('is one event after the other, over the services and in nobody’s name', async () => {
    const renderer = await open('name service caller');
    for (const name of ['a', 'b']) {
      const payload = await renderer.render({ name });
      expect(JSON.parse(payload.slice(0, -1))).toEqual({ data: { said: { name, service: 'models', caller: 'TRACK,READ undefined' } } });
      expect(payload.endsWith('}}}}')).toBe(true); // with the brace of the message around it
    }
    renderer.close();
    await expect(renderer.render({ name: 'c' })).rejects.toThrow('has ended');
  });

  it('shows of an error what any subscription shows', async () => {
    const renderer = await open('name secret');
    const payload = await renderer.render({ name: 'a' });
    expect(payload).not.toContain('1234');
    expect(JSON.parse(payload.slice(0, -1))).toMatchObject({
      data: { said: { name: 'a', secret: null } },
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.stringMatching(/./) } }],
    });
    renderer.close();
  });
});
