import { loadInstruments } from '../market/find-instruments.ts';
import { builder } from './builder.ts';
import { CLOCK, ClockInputRef } from './clock.ts';
import { toReplayViewer } from './replay-viewer.ts';
import { ForecastEventRef } from './stream-events.ts';

builder.subscriptionField('forecasts', (t) =>
  t.field({
    type: ForecastEventRef,
    description:
      'Forecasts as they are stored. Snapshot rule: none (ask `latestForecasts`); with `after` every durable event after that cursor first, then a ' +
      'StreamHeartbeat, then live, without hole or repeat. Update rate: every event once and in order, nothing is conflated. A reader ' +
      'that does not keep up is cut as in `candles`.',
    args: {
      symbols: t.arg.idList({ required: true, description: '1 to 50 of "VENUE:SYMBOL", or bare symbols of the running venue.' }),
      horizons: t.arg({ type: ['Horizon'], description: 'Every horizon when absent.' }),
      after: t.arg({ type: 'Cursor', description: 'Go on after this cursor.' }),
      clock: t.arg({
        type: ClockInputRef,
        description:
          `${CLOCK} Forecasts come when they were issued, outcomes when they were scored; the skill beside them is that of the days that had ended by ` +
          'then. Where no forecast was issued, hindcasts come at their `asOf`, of kind HINDCAST. Cursors are of their own kind, and at its end it sends a StreamHeartbeat whose cursor is of the live stream, as in `candles`.',
      }),
    },
    subscribe: async (_, { symbols, horizons, after, clock }, context) => {
      const request = { instruments: await loadInstruments(context, symbols), horizons: horizons ?? [], after: after ?? undefined };
      if (clock) return context.replays.forecasts(clock, request, toReplayViewer(context));
      return context.streams.forecasts(request, context.connection);
    },
    resolve: (event) => event,
  }),
);
