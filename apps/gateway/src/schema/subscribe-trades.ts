import { loadInstruments } from '../market/find-instruments.ts';
import { MAX_WAITING_TRADES, openTradeTape } from '../market/trade-tape.ts';
import { builder } from './builder.ts';
import { CLOCK, ClockInputRef } from './clock.ts';
import { toReplayViewer } from './replay-viewer.ts';
import { TradeRef } from './trade.ts';

builder.subscriptionField('trades', (t) =>
  t.field({
    type: TradeRef,
    description:
      'Trades of up to 50 instruments as they come, each once, in the order of its instrument. Snapshot rule: none, what happens from now on. Update ' +
      `rate: every trade; best effort: beyond 25 of an instrument an update, and ${MAX_WAITING_TRADES} waiting for a slow reader, the oldest are left ` +
      'out, and the next trade says how many (`leftOut`).',
    args: {
      symbols: t.arg.idList({ required: true, description: '1 to 50 of "VENUE:SYMBOL", or bare symbols of the running venue.' }),
      clock: t.arg({ type: ClockInputRef, description: `${CLOCK} As far as trades are stored, at most 25 of an instrument a look.` }),
    },
    subscribe: async (_, { symbols, clock }, context) => {
      const instruments = await loadInstruments(context, symbols);
      if (clock) return context.replays.trades(clock, instruments, toReplayViewer(context));
      const ids = instruments.map(({ id }) => id);
      return openTradeTape(context.latest, ids, context.connection.signal);
    },
    resolve: (trade) => trade,
  }),
);
