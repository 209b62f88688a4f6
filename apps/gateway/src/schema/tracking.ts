import { splitInstrumentId, type TrackingAction } from '@candlecast/domain';
import { builder } from './builder.ts';
import { InstrumentRef } from './instrument.ts';

const SYMBOL = 'Instrument: "VENUE:SYMBOL", or a bare symbol of the running venue.';
const ERRORS =
  'SYMBOL_NOT_FOUND, RATE_LIMITED while too many requests wait, UPSTREAM_STALE when ingest does not answer: then it is done later.';

function addMutation(name: string, action: TrackingAction, description: string): void {
  builder.mutationField(name, (t) =>
    t.prismaField({
      type: InstrumentRef,
      // A key with the scope, or anybody where tracking is open to all.
      authScopes: { $any: { track: true, openTracking: true } },
      description: `${description} Needs the scope TRACK unless tracking is open to everybody. Errors: ${ERRORS}`,
      args: { symbol: t.arg.id({ required: true, description: SYMBOL }) },
      resolve: async (query, _, { symbol }, { tracker, prisma, connection, caller }) => {
        const requestedBy = caller.key?.prefix ?? caller.workspaceId ?? null;
        const id = await tracker.ask(action, symbol, requestedBy, connection.signal);
        return prisma.instrument.findUniqueOrThrow({ ...query, where: { venue_symbol: splitInstrumentId(id) } });
      },
    }),
  );
}

addMutation(
  'trackInstrument',
  'TRACK',
  'Lists a pair of the exchange: its newest history is fetched first, then it goes live; `backfillProgress` follows it. Asking again changes nothing.',
);
addMutation(
  'untrackInstrument',
  'UNTRACK',
  'Pauses an instrument, for good until it is tracked again, whatever the configuration lists. What is stored stays and can be queried.',
);
