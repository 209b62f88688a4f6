import type { QuotaState } from '../guard/quotas.ts';
import { builder } from './builder.ts';

const RateLimitRef = builder.objectRef<QuotaState>('RateLimit').implement({
  description:
    "The caller's quota in cost points: one for every operation, and one for every full hundred rows that it may read. " +
    'The same stands in the headers X-RateLimit-Limit, -Remaining and -Reset, and over WebSocket in the `extensions` of results.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'Points a minute.' }),
    remaining: t.exposeInt('remaining', { description: 'Points left in this minute, as far as this gateway process knows.' }),
    resetInMs: t.exposeInt('resetInMs', { description: 'Milliseconds until all points are back.' }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimitRef,
    description: 'What is left of the quota of whoever asks: a key, a visitor of the web app, or an address without a key.',
    resolve: (_, __, { toll, caller }) => toll.look(caller),
  }),
);
