// graphql-ws and Yoga as their guides have it, with their defaults: every subscriber executes every event for itself.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toStreamCursor } from '@candlecast/domain';
import type { ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { eventOf, idOf } from '../market.ts';
import { obey } from './drive.ts';

const TYPES = /* GraphQL */ `
  scalar Decimal
  scalar Cursor
  scalar Interval
  type Query { nothing: String }
  type Candle { open: Decimal! close: Decimal! baseVolume: Decimal! quoteVolume: Decimal tradeCount: Int }
  type CandleClosed { symbol: ID! cursor: Cursor! candle: Candle! }
  type StreamHeartbeat { cursor: Cursor! }
  union CandleEvent = CandleClosed | StreamHeartbeat
  type Subscription { candles(symbols: [ID!]!, interval: Interval!, after: Cursor): CandleEvent! }
`;

obey(async () => {
  const events = createPubSub<Record<string, [event: object]>>();
  const schema = createSchema({
    typeDefs: TYPES,
    resolvers: {
      Subscription: {
        candles: {
          subscribe: (_, { symbols }: { symbols: string[] }) => events.subscribe(symbols[0] ?? ''),
          resolve: (event: object) => event,
        },
      },
    },
  });
  const yoga = createYoga({ schema, logging: false });
  const server = createServer(yoga);
  const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint });
  useServer(
    {
      execute: (args) => (args.rootValue as Enveloped).execute(args) as never,
      subscribe: (args) => (args.rootValue as Enveloped).subscribe(args) as never,
      async onSubscribe(ctx, _id, params) {
        const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
          ...ctx,
          req: ctx.extra.request,
          socket: ctx.extra.socket,
          params,
        });
        const args = {
          schema,
          operationName: params.operationName,
          document: parse(params.query),
          variableValues: params.variables,
          contextValue: await contextFactory(),
          rootValue: { execute, subscribe },
        };
        const errors = validate(args.schema, args.document);
        return errors.length > 0 ? (errors as never) : args;
      },
    },
    sockets,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let seq = 0;
  return {
    port: (server.address() as AddressInfo).port,
    emit(symbol, tick, madeAtUs) {
      const event = eventOf(symbol, tick, ++seq, madeAtUs);
      if (event.topic !== 'candle.closed') return;
      const { candle } = event.payload;
      events.publish(idOf(symbol), { __typename: 'CandleClosed', symbol: idOf(symbol), cursor: toStreamCursor(event), candle });
    },
  };
});

interface Enveloped {
  readonly execute: (args: ExecutionArgs) => unknown;
  readonly subscribe: (args: ExecutionArgs) => unknown;
}
