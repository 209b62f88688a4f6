import { AppError } from '@candlecast/domain';
import { loadInstruments } from '../market/find-instruments.ts';
import { MAX_TRADE_SPEED } from '../replay/replay-candles.ts';
import { builder } from './builder.ts';
import { CLOCK, ClockInputRef } from './clock.ts';
import { MAX_PAGE_ROWS, toPageSize } from './page-size.ts';
import { toReplayViewer } from './replay-viewer.ts';
import { CandleEventRef } from './stream-events.ts';
import { DEFAULT_THROTTLE_MS, toThrottleMs } from './throttle.ts';

builder.subscriptionField('candles', (t) =>
  t.field({
    type: CandleEventRef,
    description:
      'Candles of up to 50 instruments, from history into live in one operation. Snapshot rule: with `snapshot: n` the newest n candles of each ' +
      'instrument come first (a CandleSnapshot each), with `after` every durable event after that cursor, with neither only what happens from now on; ' +
      'then a StreamHeartbeat, then live, without hole or overlap. Update rate: every durable event (closed candle, correction, gap) once and in ' +
      `order; open candles at most once per \`throttleMs\` and instrument, the newest state only. A reader that does not keep up is cut ` +
      '(SLOW_READER, on WebSocket close code 4290 with `after=<cursor>` as reason) and resumes with the cursor.',
    args: {
      symbols: t.arg.idList({ required: true, description: '1 to 50 of "VENUE:SYMBOL", or bare symbols of the running venue.' }),
      interval: t.arg({ type: 'Interval', required: true, description: 'Length of a candle.' }),
      snapshot: t.arg.int({
        defaultValue: 0,
        description: `Candles of each instrument to send first; times symbols at most ${MAX_PAGE_ROWS}.`,
      }),
      after: t.arg({ type: 'Cursor', description: 'Go on after this cursor. Not together with `snapshot`.' }),
      throttleMs: t.arg.int({
        description: `Least milliseconds between two updates of an open candle, 0 to 60,000; ${DEFAULT_THROTTLE_MS} when absent.`,
      }),
      closedOnly: t.arg.boolean({ description: 'Leaves out candles that are still open.' }),
      clock: t.arg({
        type: ClockInputRef,
        description:
          `${CLOCK} The snapshot is as it was known then. Cursors are of their own kind: \`after\` takes one of a replay, and goes on behind it at ` +
          `the clock’s time. Open candles move with closed minutes, and up to speed ${MAX_TRADE_SPEED} within the minute where its trades are stored. ` +
          'At its end it sends a StreamHeartbeat whose cursor is of the live stream: subscribe `after` it without a clock to go on; what became known ' +
          'in that moment may come twice.',
      }),
    },
    complexity: ({ symbols, snapshot }) => ({ field: Math.max(0, (snapshot ?? 0) * symbols.length), multiplier: 0 }),
    subscribe: async (_, { symbols, interval, snapshot, after, throttleMs, closedOnly, clock }, context) => {
      const rows = toPageSize('snapshot × symbols', (snapshot ?? 0) * symbols.length);
      if (rows > 0 && after != null) throw new AppError('BAD_USER_INPUT', 'give snapshot or after, not both');
      const request = {
        instruments: await loadInstruments(context, symbols),
        interval,
        snapshot: snapshot ?? 0,
        after: after ?? undefined,
        throttleMs: toThrottleMs(throttleMs),
        closedOnly: closedOnly ?? false,
      };
      if (clock) return context.replays.candles(clock, request, toReplayViewer(context));
      return context.streams.candles(request, context.connection);
    },
    resolve: (event) => event,
  }),
);
