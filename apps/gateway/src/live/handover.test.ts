import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EpochMs, type EventLog, type LogEvent, type LogPosition, toEpochMs } from '@candlecast/domain';
import { createLogger } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentCounts } from '../testing/silent-counts.ts';
import { createCatchUpTurns } from './catch-up-turns.ts';
import { createEventHub } from './event-hub.ts';
import { createFanout } from './fanout.ts';
import type { Outlet, Selection } from './outlet.ts';
import { type DurableStream, streamDurable } from './stream-durable.ts';
import { type Turn, Turns } from './take-turns.ts';

const EPOCH = '00000000-0000-4000-8000-000000000000';
const KEYS = ['a', 'b', 'c'] as const;
const AT: EpochMs = toEpochMs(0);

/** A log in memory, so that thousands of interleavings can be run; what is read from it and handed out is one and the same. */
function createArrayLog() {
  const events: LogEvent[] = [];
  const head = async (): Promise<LogPosition> => ({ epoch: EPOCH, seq: events.length });
  const log: EventLog = {
    head,
    oldest: async () => ({ epoch: EPOCH, seq: 0 }),
    read: async ({ after, limit, keys }) => events.filter(({ seq, key }) => seq > after.seq && (keys ?? []).includes(key)).slice(0, limit),
    follow: () => {
      throw new Error('nobody follows this log');
    },
  };
  return {
    log,
    events,
    append: (key: string) => events.push({ epoch: EPOCH, seq: events.length + 1, at: AT, topic: 'candle.closed', key } as LogEvent),
  };
}

type Step =
  | { readonly do: 'append'; readonly key: number }
  | { readonly do: 'hand out'; readonly count: number }
  | { readonly do: 'subscribe'; readonly keys: readonly number[]; readonly back: number }
  | { readonly do: 'stall' | 'free' | 'leave'; readonly who: number }
  | { readonly do: 'wait' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('append' as const), key: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hand out' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      keys: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
      back: fc.nat(10),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('stall' as const, 'free' as const, 'leave' as const), who: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'wait' as const }) },
);

describe('a subscription that goes from the log into what is shared, and back', () => {
  it('gets every event after its cursor once and in order, however joining, handing out, stalling and failing alternate', async () => {
    let shared = 0;
    let fellBehind = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), fc.nat(12), async (steps, failsAt) => {
        const { log, events, append } = createArrayLog();
        const hub = createEventHub();
        hub.moveTo({ epoch: EPOCH, seq: 0 });
        let executions = 0;
        const selection: Selection = {
          key: 'all',
          open: async () => ({
            async render(event) {
              executions += 1;
              if (executions === failsAt) throw new Error('an execution failed');
              if (executions % 3 === 0) await nextTurn();
              return JSON.stringify(event);
            },
            close: () => undefined,
          }),
        };
        const limits = { queueCapacity: 4, behindLimitMs: 60_000, heartbeatMs: 60_000, unsentBytes: 1 };
        const counts = { ...silentCounts, fellBehind: (count: number) => (fellBehind += count) };
        const fanout = createFanout({ hub, counts, logger: createLogger('test', 'silent'), unsentLimit: 1, ...limits });
        const readers: ReturnType<typeof subscribe>[] = [];

        function subscribe(keys: readonly string[], after: number) {
          const leaving = new AbortController();
          const reader = { keys, after, seen: [] as number[], isStalled: false, hasLeft: false, leaving, done: Promise.resolve() };
          const outletOf = (turn: Turn): Outlet => ({
            ...turn,
            select: () => selection,
            send: (payload) => {
              shared += 1;
              reader.seen.push((JSON.parse(payload) as LogEvent).seq);
            },
            unsentBytes: () => (reader.isStalled ? 2 : 0),
            whenDrained: () => undefined,
          });
          const streamOf = (turn: Turn): DurableStream<LogEvent> => ({
            topics: keys.map((key) => ({ name: key, logKeys: [key] })),
            logTopics: ['candle.closed'],
            personalArgs: [],
            throttleMs: 0,
            after: { epoch: EPOCH, seq: after },
            toEvent: (event) => event,
            clock: { name: 'SIM', now: async () => AT },
            outlet: outletOf(turn),
            cut: () => undefined,
          });
          const turns = new Turns(async (turn) =>
            streamDurable({ log, hub, fanout, turns: createCatchUpTurns(), limits }, streamOf(turn), leaving.signal),
          );
          leaving.signal.addEventListener('abort', () => void turns.return());
          reader.done = (async () => {
            for await (const event of turns) if (!('__typename' in event)) reader.seen.push(event.seq);
          })();
          return reader;
        }

        function handOut(count: number): void {
          for (let left = count; left > 0; left--) {
            const next = events[hub.position()?.seq ?? 0];
            if (next) hub.dispatch(next);
          }
        }

        for (const each of steps) {
          const reader = 'who' in each ? readers[each.who] : undefined;
          if (each.do === 'append') append(KEYS[each.key] ?? 'a');
          if (each.do === 'hand out') handOut(each.count);
          if (each.do === 'subscribe') {
            const keys = each.keys.map((key) => KEYS[key] ?? 'a');
            readers.push(subscribe(keys, Math.max(0, events.length - each.back)));
          }
          if (each.do === 'wait') await nextTurn();
          if (reader && each.do === 'stall') reader.isStalled = true;
          if (reader && each.do === 'free') reader.isStalled = false;
          if (reader && each.do === 'leave') {
            reader.hasLeft = true;
            reader.leaving.abort();
          }
        }
        for (const reader of readers) reader.isStalled = false;
        handOut(events.length);
        for (const { keys, after, seen, hasLeft } of readers) {
          const expected = events.filter(({ seq, key }) => seq > after && keys.includes(key)).map(({ seq }) => seq);
          if (hasLeft) expect(seen).toEqual(expected.slice(0, seen.length));
          else await eventually(() => expect(seen).toEqual(expected), { intervalMs: 1 });
        }
        for (const { leaving } of readers) leaving.abort();
        await Promise.all(readers.map(({ done }) => done));
        expect(fanout.size()).toEqual({ cohorts: 0, topics: 0, members: 0, queued: 0 });
      }),
      { numRuns: 300 },
    );
    expect(shared).toBeGreaterThan(0);
    expect(fellBehind).toBeGreaterThan(0);
  });
});
