import { AppError, type LedgerHead, toIso } from '@candlecast/domain';
import { builder } from './builder.ts';
import { VenueEnum } from './enums.ts';

export const LedgerHeadRef = builder.objectRef<LedgerHead>('LedgerHead').implement({
  description:
    'The newest entry of a venue’s ledger of forecasts at some moment. Every entry holds the hash of the one before: who keeps a head can tell later ' +
    'whether anything up to it was changed, by asking for the head of that moment again.',
  fields: (t) => ({
    venue: t.expose('venue', { type: VenueEnum, description: 'Whose ledger.' }),
    seq: t.exposeInt('seq', { description: 'Entries up to here; 0 for an empty ledger.' }),
    hash: t.exposeString('hash', { description: 'SHA-256 of the entry at `seq`, in hexadecimal digits; 64 zeros for an empty ledger.' }),
    at: t.expose('at', {
      type: 'DateTime',
      nullable: true,
      description: 'When that entry was issued, by the venue’s clock; null for an empty ledger.',
    }),
  }),
});

builder.queryField('ledgerHead', (t) =>
  t.field({
    type: LedgerHeadRef,
    description: 'The head of a ledger, now or at a moment of the past.',
    args: {
      at: t.arg({ type: 'DateTime', description: 'As it was then, by the venue’s clock; now when absent.' }),
      venue: t.arg({ type: VenueEnum, description: 'Whose ledger; the running venue’s when absent.' }),
    },
    complexity: { field: 1, multiplier: 0 },
    resolve: async (_, args, context) => {
      const venue = args.venue ?? (await context.venues.findRunning());
      if (!venue) throw new AppError('NOT_FOUND', 'no venue has run yet: name one');
      const at = args.at ?? undefined;
      const now = await context.venues.now(venue);
      if (at !== undefined && at > now)
        throw new AppError('BAD_USER_INPUT', `at is ${toIso(at)}, which lies after the venue's time ${toIso(now)}`);
      return context.forecasts.findLedgerHead(venue, at);
    },
  }),
);
