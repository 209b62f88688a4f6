import { ownersOf } from '../keys/owners-of.ts';
import type { AlertFiringEvent } from '../live/stream-events.ts';
import { AlertKindEnum } from './alert-rules.ts';
import { AlertFiringRef } from './alerts.ts';
import { builder } from './builder.ts';
import { StreamHeartbeatRef, StreamResetRef } from './stream-events.ts';

const authScopes = { notify: true } as const;

const AlertFiringEventRef = builder.objectRef<AlertFiringEvent>('AlertFiringEvent').implement({
  description: 'An alert has fired. Durable: every firing, once, in order.',
  authScopes,
  fields: (t) => ({
    symbol: t.id({ description: 'The instrument: "VENUE:SYMBOL".', resolve: ({ firing }) => firing.instrumentId }),
    kind: t.field({ type: AlertKindEnum, description: 'What kind of alert it is.', resolve: ({ firing }) => firing.kind }),
    note: t.string({ nullable: true, description: 'What its owner wrote.', resolve: ({ firing }) => firing.note }),
    firing: t.field({
      type: AlertFiringRef,
      description: 'What happened.',
      resolve: ({ firing }) => ({ ...firing, at: new Date(firing.at), createdAt: new Date(firing.at), source: '' }),
    }),
    cursor: t.expose('cursor', { type: 'Cursor', description: 'Resume exactly after this event with `after: cursor`.' }),
  }),
});

const AlertFiredRef = builder.unionType('AlertFired', {
  description: 'What a subscription to alerts sends.',
  types: [AlertFiringEventRef, StreamHeartbeatRef, StreamResetRef],
  resolveType: ({ __typename }) => __typename,
});

builder.subscriptionField('alertFired', (t) =>
  t.field({
    type: AlertFiredRef,
    authScopes,
    description:
      'Firings of the caller’s alerts, as they are stored. Snapshot rule: none (ask `alertFirings`); with `after` every firing after that cursor ' +
      'first, then a StreamHeartbeat, then live, without hole or repeat. Update rate: every firing once and in order, nothing is conflated. A reader ' +
      'that does not keep up is cut as in `candles`. Needs the scope NOTIFY.',
    args: { after: t.arg({ type: 'Cursor', description: 'Go on after this cursor.' }) },
    subscribe: async (_, { after }, { caller, prisma, streams, venues, connection }) =>
      streams.alerts(
        {
          owners: await ownersOf(caller, prisma),
          after: after ?? undefined,
          venue: (await venues.findRunning()) ?? 'BINANCE',
        },
        connection,
      ),
    resolve: (event) => event,
  }),
);
