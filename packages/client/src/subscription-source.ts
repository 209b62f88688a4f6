import type { ExecutionResult } from 'graphql-ws';
import type { Connection } from './connection.ts';
import { type StreamNotice, type SubscriptionRequest, subscribeResuming } from './subscribe-resuming.ts';

/** Who listens to a subscription, in the shape that urql and other GraphQL clients use. */
export interface ResultObserver {
  next(result: ExecutionResult): void;
  error(error: unknown): void;
  complete(): void;
}

/** A subscription that is under way. */
export interface RunningSource {
  unsubscribe(): void;
  /** Ends the flow for a while: a page that nobody sees needs none. */
  pause(): void;
  /** Goes on after the last durable event, without loss, where the document takes `$after`; else with what comes next. */
  resume(): void;
}

/** A subscription that runs for as long as it is subscribed to. */
export interface ResultSource {
  subscribe(observer: ResultObserver): RunningSource;
}

/**
 * Returns the source of a subscription's results for a GraphQL client (urql's `forwardSubscription`). Documents that take `$after` resume
 * by themselves after the last cursor in their results, so they must select `__typename` and `cursor`. After a resume the next result
 * carries `extensions.recovered { events sinceMs }`; where nothing can be resumed a result with a StreamReset event comes first.
 */
export function toSubscriptionSource(connection: Connection, request: SubscriptionRequest): ResultSource {
  return {
    subscribe(observer) {
      let recovered: StreamNotice | undefined;
      const subscription = subscribeResuming(connection, request, {
        next(result) {
          observer.next(recovered ? { ...result, extensions: { ...result.extensions, recovered } } : result);
          recovered = undefined;
        },
        notice(notice) {
          if (notice.kind === 'recovered') recovered = notice;
          else observer.next({ data: { [responseKey(request.query)]: { __typename: 'StreamReset', code: notice.code, message: '' } } });
        },
        error(error) {
          if (error.errors.length === 0) return observer.error(error);
          observer.next({ data: null, errors: error.errors as never });
          observer.complete();
        },
        complete: () => observer.complete(),
      });
      return { unsubscribe: subscription.stop, pause: subscription.pause, resume: subscription.resume };
    },
  };
}

/** Returns the name under which a subscription's only field answers: its alias, or its own name. */
function responseKey(query: string): string {
  const [, name = ''] = /\bsubscription\b[^{]*\{\s*(\w+)/.exec(query) ?? [];
  return name;
}
