import { AppError } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { GraphQLError } from 'graphql';
import type { Authenticate, Credentials } from '../keys/authenticate.ts';
import { anybodyAt, type Caller } from '../keys/caller.ts';
import { toClientError } from './to-client-error.ts';
import { type Payment, POINTS_A_WRONG_KEY, type Toll } from './toll.ts';
import { withStatus } from './with-status.ts';

/** Who has come, or why nobody is let in. */
export type Arrival = { readonly caller: Caller } | { readonly refusal: GraphQLError };

/** Receives whoever comes, on every transport: finds out who it is and takes the points. */
export interface Reception {
  /** Never rejects. A wrong key costs its address points, and is refused like a right one once those are gone. */
  receive(shown: Credentials, use: 'request' | 'socket', requestId: string): Promise<Arrival>;
  pay(caller: Caller, points: number, requestId: string): Promise<Payment>;
}

/** Returns the reception. */
export function createReception(options: { authenticate: Authenticate; toll: Toll; logger: Logger }): Reception {
  const { authenticate, toll, logger } = options;
  return {
    pay: toll.pay,
    async receive(shown, use, requestId) {
      try {
        return { caller: await authenticate(shown, use) };
      } catch (cause) {
        const { shown: refusal, isOurs } = toClientError(cause, 'execute', requestId);
        if (isOurs) logger.error({ err: cause, requestId }, 'finding out who asks failed');
        if (!(cause instanceof AppError && cause.code === 'UNAUTHENTICATED')) return { refusal };
        const penalty = await toll.pay(anybodyAt(shown.address), POINTS_A_WRONG_KEY, requestId);
        return { refusal: penalty.refusal ?? withStatus(refusal, 401, { 'www-authenticate': 'Bearer' }) };
      }
    },
  };
}
