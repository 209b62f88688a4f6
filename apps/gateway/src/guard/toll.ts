import { AppError } from '@candlecast/domain';
import { GraphQLError } from 'graphql';
import type { Caller } from '../keys/caller.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { QuotaLimits, QuotaState, Quotas } from './quotas.ts';
import { toClientError } from './to-client-error.ts';
import { withStatus } from './with-status.ts';

/** What an operation costs: one point for asking, and one for every full hundred rows that it may read. */
export const POINTS_AN_OPERATION = 1;
const ROWS_A_POINT = 100;
/** What it costs an address to show a wrong key. */
export const POINTS_A_WRONG_KEY = 10;

/** What is left after a payment, or why there was none. */
export interface Payment {
  readonly state: QuotaState;
  readonly refusal: GraphQLError | undefined;
}

/** Takes points from callers. */
export interface Toll {
  /** Resolves with the refusal RATE_LIMITED (429, to be tried again) or QUOTA_EXCEEDED (more than the whole quota). */
  pay(caller: Caller, points: number, requestId: string): Promise<Payment>;
  look(caller: Caller): Promise<QuotaState>;
}

/** Returns the points that rows cost besides the asking. */
export function pointsOfRows(rows: number): number {
  return Math.floor(rows / ROWS_A_POINT);
}

/** Returns the toll over the quotas; what keys pay is noted in the ring. */
export function createToll({ quotas, limits, ring }: { quotas: Quotas; limits: QuotaLimits; ring: Pick<KeyRing, 'noteUse'> }): Toll {
  return {
    look: (caller) => quotas.look(caller),
    async pay(caller, points, requestId) {
      const limit = caller.key ? limits.key : limits.public;
      if (points > limit) {
        const error = new AppError('QUOTA_EXCEEDED', `the operation costs ${points} points, the quota is ${limit} a minute: ask for less`);
        return { state: await quotas.look(caller), refusal: toClientError(error, 'execute', requestId).shown };
      }
      const { isGranted, ...state } = await quotas.spend(caller, points);
      if (!isGranted) return { state, refusal: rateLimited(state, points, requestId) };
      if (caller.key) ring.noteUse(caller.key.id, points);
      return { state, refusal: undefined };
    },
  };
}

/** Returns the headers that tell what is left: `Reset` in seconds from now. */
export function toHeaders({ limit, remaining, resetInMs }: QuotaState): Record<string, string> {
  return {
    'x-ratelimit-limit': `${limit}`,
    'x-ratelimit-remaining': `${remaining}`,
    'x-ratelimit-reset': `${toSeconds(resetInMs)}`,
  };
}

/** Returns the same for the `extensions` of a result, where there are no headers. */
export function toExtension({ limit, remaining, resetInMs }: QuotaState): { readonly rateLimit: Record<string, number> } {
  return { rateLimit: { limit, remaining, reset: toSeconds(resetInMs) } };
}

function rateLimited(state: QuotaState, points: number, requestId: string): GraphQLError {
  const message = `${points} points are wanted, ${state.remaining} of ${state.limit} a minute are left: the rest comes back in ${toSeconds(state.resetInMs)} s`;
  const extensions = { code: 'RATE_LIMITED', retryable: true, retryAfterMs: state.resetInMs, requestId };
  const headers = { 'retry-after': `${toSeconds(state.resetInMs)}`, ...toHeaders(state) };
  return withStatus(new GraphQLError(message, { extensions }), 429, headers);
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
