import type { IncomingMessage } from 'node:http';
import type { Guard } from '../guard/guard.ts';
import type { QuotaState } from '../guard/quotas.ts';
import { readCredentials } from '../keys/read-credentials.ts';

/** Somebody who was let in, and what is taken from the quota. */
export interface Admission {
  /** Takes points; rejects with the refusal when they are not there. */
  pay(points: number): Promise<QuotaState>;
}

/** Lets a request in; rejects with the refusal. */
export type Admit = (request: IncomingMessage, requestId: string) => Promise<Admission>;

/** Returns the way in that GraphQL over HTTP has, too: the same keys, the same quotas. */
export function createAdmit({ reception, trustedProxies }: Pick<Guard, 'reception' | 'trustedProxies'>): Admit {
  return async (request, requestId) => {
    const arrival = await reception.receive(readCredentials(request, trustedProxies), 'request', requestId);
    if ('refusal' in arrival) throw arrival.refusal;
    return {
      async pay(points) {
        const { state, refusal } = await reception.pay(arrival.caller, points, requestId);
        if (refusal) throw refusal;
        return state;
      },
    };
  };
}
