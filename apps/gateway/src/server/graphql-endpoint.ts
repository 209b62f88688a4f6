import { randomUUID } from 'node:crypto';
import { AppError } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Services } from '../context.ts';
import type { Guard } from '../guard/guard.ts';
import { useCharacterLimit, useDocumentLimits, useNoIntrospection } from '../guard/limits.ts';
import { useNoRepetition } from '../guard/no-repetition.ts';
import type { RequestScope } from '../guard/request-scope.ts';
import { isClientError, toClientError } from '../guard/to-client-error.ts';
import { useClientErrors } from '../guard/use-client-errors.ts';
import { useKnownDocuments } from '../guard/use-known-documents.ts';
import { useToll } from '../guard/use-toll.ts';
import { withStatus } from '../guard/with-status.ts';
import { MAX_ROWS_AN_OPERATION } from '../schema/builder.ts';
import { SHARED_FIELDS } from '../schema/public-fields.ts';
import type { Graphiql } from './graphiql.ts';
import { useSharedExecution } from './shared-execution.ts';

/** The pipeline: a request handler for HTTP, and `getEnveloped` for other transports. */
export type GraphqlEndpoint = YogaServerInstance<RequestScope, Services>;

/** What the pipeline is made of. */
export interface GraphqlEndpointOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly guard: Pick<Guard, 'toll' | 'documents' | 'hasIntrospection'>;
  readonly logger: Logger;
  readonly corsOrigins: readonly string[];
  /** The page for people; absent where there is none. */
  readonly graphiql: Graphiql | undefined;
}

/**
 * Returns the pipeline that every transport runs requests through: limits, validation, execution, error shapes. It answers HTTP and
 * server-sent events itself; the WebSocket door uses its `getEnveloped`.
 */
export function createGraphqlEndpoint(options: GraphqlEndpointOptions): GraphqlEndpoint {
  const { schema, services, guard, logger, corsOrigins, graphiql } = options;
  return createYoga<RequestScope, Services>({
    schema,
    context: services,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    multipart: false,
    batching: false,
    maxRequestBodySize: 64 * 1024,
    cors: { origin: [...corsOrigins], methods: ['GET', 'POST', 'OPTIONS'], credentials: false },
    graphiql: graphiql ? () => graphiql.options : false,
    ...(graphiql ? { renderGraphiQL: graphiql.render } : {}),
    logging: {
      debug: () => undefined,
      info: (...parts) => logger.debug({ parts }, 'yoga'),
      warn: (...parts) => logger.warn({ parts }, 'yoga'),
      error: () => undefined, // every failure is logged once, with its request id, where it is masked
    },
    plugins: [
      useClientErrors(logger),
      useDocumentLimits(),
      useCharacterLimit(),
      useNoRepetition(),
      ...(guard.hasIntrospection ? [] : [useNoIntrospection()]),
      useKnownDocuments(guard.documents, SHARED_FIELDS),
      useToll(guard.toll, MAX_ROWS_AN_OPERATION),
      useSharedExecution(),
    ],
    maskedErrors: {
      maskError(error) {
        if (isClientError(error)) return error;
        const requestId = randomUUID();
        const { shown, isOurs } = toClientError(error instanceof SyntaxError ? NO_JSON : error, 'execute', requestId);
        if (isOurs) logger.error({ err: error, requestId }, 'a request failed outside of its execution');
        return withoutExcuse(error, shown);
      },
    },
  });
}

/** Yoga lets through what JSON.parse says of the parameters of a GET; errors of fields do not come this way. */
const NO_JSON = new AppError('BAD_USER_INPUT', 'variables or extensions are not JSON');

/** What is no GraphQL request at all has its own status, whatever the client accepts; Yoga would say 200 to `application/json`. */
function withoutExcuse(error: unknown, shown: GraphQLError): GraphQLError {
  if (error instanceof SyntaxError) return withStatus(shown, 400);
  if (!(error instanceof GraphQLError) || error.extensions.code !== 'BAD_REQUEST') return shown;
  const { status = 400, headers = {} } = (error.extensions.http ?? {}) as { status?: number; headers?: Record<string, string> };
  return withStatus(shown, status, headers);
}
