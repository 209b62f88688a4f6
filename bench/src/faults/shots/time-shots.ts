import { setTimeout as delay } from 'node:timers/promises';
import { type EpochMs, floorToInterval, MINUTE_MS } from '@candlecast/domain';
import * as fc from 'fast-check';
import { armFault } from '../world/armed-fault.ts';
import type { World } from '../world/world.ts';
import { type ShotKind, shotKind, until, untilHit } from './shot.ts';

const TEN_MINUTES_MS = 600_000;
const offsetMs = fc.oneof(
  fc.constantFrom(-TEN_MINUTES_MS, TEN_MINUTES_MS, -1_000, 1_000),
  fc.integer({ min: -TEN_MINUTES_MS, max: TEN_MINUTES_MS }),
);

/** F10: minutes that are missing, for ingest or at the exchange. F13: clocks that are off or jump. */
export const TIME_SHOTS: readonly ShotKind[] = [
  shotKind({
    name: 'away for more than a page of candles',
    class: 'F10',
    holds: ['process', 'clock'],
    parameters: fc.record({ minutes: fc.integer({ min: 1_001, max: 5_000 }), kill: fc.boolean() }),
    fire: stayAway,
  }),
  shotKind({
    name: 'hole at the exchange',
    class: 'F10',
    holds: ['market'],
    parameters: fc.record({ symbol: fc.constantFrom('BTCUSDT', 'ETHUSDT'), minutes: fc.integer({ min: 1, max: 20 }) }),
    fire: (world, { symbol, minutes }) => plant(world, symbol, minutes, (from, to) => ({ kind: 'hole', symbol, from, to })),
  }),
  shotKind({
    name: 'rows off the grid',
    class: 'F10',
    holds: ['market'],
    parameters: fc.record({
      symbol: fc.constantFrom('BTCUSDT', 'ETHUSDT'),
      minutes: fc.integer({ min: 1, max: 8 }),
      shiftMs: fc.integer({ min: 1, max: 59_000 }),
    }),
    fire: (world, { symbol, minutes, shiftMs }) =>
      plant(world, symbol, minutes, (from, to) => ({ kind: 'offGrid', symbol, from, to, shiftMs })),
  }),
  shotKind({
    name: 'the wall clock of ingest is stepped',
    class: 'F13',
    holds: ['process', 'clock'],
    parameters: fc.record({ offsetMs, ms: fc.integer({ min: 300, max: 3_000 }) }),
    async fire({ ingest }, { offsetMs: offset, ms }) {
      await ingest.current.stepClock(offset);
      await delay(ms);
      await ingest.current.stepClock(0);
      return 2;
    },
  }),
  shotKind({
    name: 'ingest starts with a wrong clock',
    class: 'F13',
    holds: ['process', 'clock'],
    parameters: fc.record({ offsetMs, ms: fc.integer({ min: 1_000, max: 3_000 }) }),
    async fire({ ingest }, { offsetMs: offset, ms }) {
      ingest.vary({ clockOffsetMs: offset });
      await ingest.kill(0);
      await delay(ms);
      ingest.vary({ clockOffsetMs: 0 });
      await ingest.current.stepClock(0);
      return 2;
    },
  }),
  shotKind({
    name: "the exchange's clock jumps ahead",
    class: 'F13',
    holds: ['clock'],
    parameters: fc.record({ minutes: fc.integer({ min: 1, max: 600 }) }),
    async fire(world, { minutes }) {
      world.advance(minutes);
      return minutes;
    },
  }),
  shotKind({
    name: 'the exchange tells a wrong time',
    class: 'F13',
    holds: ['clock', 'requests'],
    parameters: fc.record({
      byMs: fc.constantFrom(-TEN_MINUTES_MS, -60_000, 60_000, TEN_MINUTES_MS),
      of: fc.constantFrom('server' as const, 'events' as const),
      count: fc.integer({ min: 1, max: 12 }),
    }),
    async fire(world, { byMs, of, count }) {
      // A second answer that says the same is believed: nobody else could be asked.
      const times = of === 'server' ? 1 : count;
      const armed = await armFault(world, { kind: 'timeJump', byMs, of, count: times });
      return untilHit(() => armed.hits(), times);
    },
  }),
];

/** Killed, or cut off from the exchange, while thousands of minutes pass. */
async function stayAway(world: World, { minutes, kill }: { minutes: number; kill: boolean }): Promise<number> {
  const { ingest, exchange } = world;
  if (kill) {
    const starting = ingest.kill(300);
    await delay(100);
    world.advance(minutes);
    await starting;
    return minutes;
  }
  const refusal = exchange.refuse();
  exchange.cut('rst');
  await delay(100);
  world.advance(minutes);
  refusal.remove();
  return minutes;
}

type Planted = (from: number, to: number) => Parameters<typeof armFault>[1];

/** Plants something in minutes to come, far enough ahead that nobody has read them, and waits until they are over. */
async function plant(world: World, symbol: string, minutes: number, toFault: Planted): Promise<number> {
  const from = floorToInterval((world.sim.now() + 3 * MINUTE_MS) as EpochMs, '1m');
  const to = from + minutes * MINUTE_MS;
  const armed = await armFault(world, toFault(from, to));
  await until(() => world.sim.now() > to, `the planted minutes of ${symbol} pass`);
  return armed.struck;
}
