import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { cutInside, halfOpen, limitData } from '../line/toxics.ts';
import { armFault } from '../world/armed-fault.ts';
import type { World } from '../world/world.ts';
import { type ShotKind, shotKind, until, untilHit } from './shot.ts';

const how = fc.constantFrom('fin' as const, 'rst' as const);
const FROM_STREAM = { kind: 'websocket', direction: 'down' } as const;

/** F6: connections break. F7: they stay and say nothing. F12: the exchange renews all of them. */
export const STREAM_SHOTS: readonly ShotKind[] = [
  shotKind({
    name: 'links cut on the way',
    class: 'F6',
    holds: ['stream'],
    parameters: fc.record({ how, afterMs: fc.integer({ min: 0, max: 400 }) }),
    async fire(world, { how: cut, afterMs }) {
      await delay(afterMs);
      return cutLinks(world, cut);
    },
  }),
  shotKind({
    name: 'links cut by the exchange',
    class: 'F6',
    holds: ['stream'],
    parameters: fc.record({ how, times: fc.integer({ min: 1, max: 2 }), gapMs: fc.integer({ min: 0, max: 800 }) }),
    async fire(world, { how: cut, times, gapMs }) {
      let hits = 0;
      for (let time = 0; time < times; time += 1) {
        await untilLinked(world);
        await delay(time * gapMs);
        hits += world.sim.inject({ kind: 'dropLinks', how: cut }).hits;
      }
      return hits;
    },
  }),
  shotKind({
    name: 'link cut inside a frame',
    class: 'F6',
    holds: ['stream'],
    parameters: fc.record({ how, count: fc.integer({ min: 1, max: 2 }) }),
    async fire({ exchange }, { how: cut, count }) {
      const applied = exchange.apply(cutInside(cut, count, FROM_STREAM));
      const hits = await untilHit(() => applied.hits, count);
      applied.remove();
      return hits;
    },
  }),
  shotKind({
    name: 'link cut after some bytes',
    class: 'F6',
    holds: ['stream'],
    parameters: fc.record({ how, bytes: fc.integer({ min: 1, max: 6_000 }) }),
    async fire({ exchange }, { how: cut, bytes }) {
      const applied = exchange.apply(limitData(bytes, cut, FROM_STREAM));
      const hits = await untilHit(() => applied.hits);
      applied.remove();
      return hits;
    },
  }),
  shotKind({
    name: 'answer cut inside its body',
    class: 'F6',
    holds: ['requests'],
    parameters: fc.record({ how, count: fc.integer({ min: 1, max: 3 }) }),
    async fire({ exchange }, { how: cut, count }) {
      const applied = exchange.apply(cutInside(cut, count, { kind: 'http', direction: 'down' }));
      const hits = await untilHit(() => applied.hits, count);
      applied.remove();
      return hits;
    },
  }),
  shotKind({
    name: 'the exchange is out of reach',
    class: 'F6',
    holds: ['stream', 'requests'],
    parameters: fc.record({ ms: fc.integer({ min: 200, max: 2_000 }) }),
    async fire({ exchange }, { ms }) {
      const refusal = exchange.refuse();
      const cut = exchange.cut('rst');
      await delay(ms);
      const hits = await untilHit(() => refusal.hits);
      refusal.remove();
      return hits + cut;
    },
  }),
  shotKind({
    name: 'links refused',
    class: 'F6',
    holds: ['stream'],
    parameters: fc.record({
      how,
      answer: fc.constantFrom(...([400, 403, 429, 451, 503, 'reset'] as const)),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    async fire(world, { how: cut, answer, count }) {
      const armed = await armFault(world, { kind: 'refuseLinks', answer, count });
      await cutLinks(world, cut);
      return untilHit(() => armed.hits(), count);
    },
  }),
  shotKind({
    name: 'link flooded with PINGs',
    class: 'F6',
    holds: ['stream'],
    parameters: fc.record({ pings: fc.integer({ min: 10, max: 2_000 }) }),
    async fire(world, { pings }) {
      await untilLinked(world);
      return world.sim.inject({ kind: 'pingFlood', pings }).hits;
    },
  }),
  shotKind({
    name: 'link half-open at the exchange',
    class: 'F7',
    holds: ['stream'],
    parameters: fc.constant({}),
    async fire(world) {
      await untilLinked(world);
      return untilReplaced(world, () => world.sim.inject({ kind: 'halfOpen' }).hits);
    },
  }),
  shotKind({
    name: 'link half-open on the way',
    class: 'F7',
    holds: ['stream'],
    parameters: fc.record({ afterMs: fc.integer({ min: 0, max: 400 }) }),
    async fire(world, { afterMs }) {
      await untilLinked(world);
      await delay(afterMs);
      const struck = new Set<object>(world.exchange.wires('websocket'));
      const applied = world.exchange.apply(halfOpen((wire) => struck.has(wire), 'down'));
      await untilReplaced(world, () => struck.size);
      applied.remove();
      return applied.hits;
    },
  }),
  shotKind({
    name: 'links mute',
    class: 'F7',
    holds: ['stream'],
    parameters: fc.record({ afterMs: fc.integer({ min: 0, max: 400 }) }),
    async fire(world, { afterMs }) {
      await untilLinked(world);
      await delay(afterMs);
      return untilReplaced(world, () => world.sim.inject({ kind: 'muteLinks' }).hits);
    },
  }),
  shotKind({
    name: 'subscriptions without an answer',
    class: 'F7',
    holds: ['stream'],
    parameters: fc.record({ how }),
    async fire(world, { how: cut }) {
      const armed = await armFault(world, { kind: 'ignoreControl', count: 1 });
      await cutLinks(world, cut);
      const hits = await untilHit(() => armed.hits());
      await untilLinked(world);
      return hits;
    },
  }),
  shotKind({
    name: 'one stream mute',
    class: 'F7',
    holds: ['stream'],
    parameters: fc.record({ symbol: fc.constantFrom('btcusdt', 'ethusdt'), ms: fc.integer({ min: 500, max: 6_000 }) }),
    async fire(world, { symbol, ms }) {
      const stream = `${symbol}@kline_1m`;
      await untilLinked(world);
      const armed = await armFault(world, { kind: 'muteStream', stream, durationMs: ms });
      await delay(ms);
      return armed.hits();
    },
  }),
  shotKind({
    name: 'acknowledged and silent',
    class: 'F7',
    holds: ['stream'],
    parameters: fc.record({ ms: fc.integer({ min: 500, max: 2_500 }), how }),
    async fire(world, { ms, how: cut }) {
      const armed = await armFault(world, { kind: 'muteStream', stream: '*' });
      world.sim.inject({ kind: 'dropLinks', how: cut });
      await untilHit(() => armed.hits());
      await untilLinked(world);
      await delay(ms);
      armed.disarm();
      return armed.hits();
    },
  }),
  shotKind({
    name: 'closing frames late',
    class: 'F8',
    holds: ['stream'],
    parameters: fc.record({ delayMs: fc.integer({ min: 1_000, max: 120_000 }), count: fc.integer({ min: 1, max: 8 }) }),
    async fire(world, { delayMs, count }) {
      const armed = await armFault(world, { kind: 'delayClose', delayMs, count });
      return untilHit(() => armed.hits(), count);
    },
  }),
  shotKind({
    name: 'closing frames left out',
    class: 'F8',
    holds: ['stream'],
    parameters: fc.record({ count: fc.integer({ min: 1, max: 8 }) }),
    async fire(world, { count }) {
      const armed = await armFault(world, { kind: 'omitClose', count });
      return untilHit(() => armed.hits(), count);
    },
  }),
  shotKind({
    name: 'links at the end of their 24 hours',
    class: 'F12',
    holds: ['stream'],
    parameters: fc.record({ afterMs: fc.integer({ min: 0, max: 400 }) }),
    async fire(world, { afterMs }) {
      await untilLinked(world);
      await delay(afterMs);
      return world.sim.inject({ kind: 'expireLinks' }).hits;
    },
  }),
  shotKind({
    name: 'new links cut',
    class: 'F12',
    holds: ['stream'],
    parameters: fc.record({ how, afterMs: fc.integer({ min: 0, max: 300 }), count: fc.integer({ min: 1, max: 3 }) }),
    async fire(world, { how: cut, afterMs, count }) {
      const armed = await armFault(world, { kind: 'cutNewLinks', afterMs, how: cut, count });
      await cutLinks(world, cut);
      return untilHit(() => armed.hits(), count);
    },
  }),
  shotKind({
    name: 'shutdown announced',
    class: 'F12',
    holds: ['stream'],
    parameters: fc.record({ noticeMs: fc.integer({ min: 0, max: 2_000 }) }),
    async fire(world, { noticeMs }) {
      await untilLinked(world);
      const { hits } = world.sim.inject({ kind: 'serverShutdown', noticeMs });
      await delay(noticeMs + 50);
      return hits;
    },
  }),
  shotKind({
    name: 'all links cut, and again soon after they are made',
    class: 'F12',
    holds: ['stream'],
    parameters: fc.record({ how, afterVenueMs: fc.integer({ min: 0, max: 60_000 }), times: fc.integer({ min: 1, max: 3 }) }),
    async fire(world, { how: cut, afterVenueMs, times }) {
      let hits = 0;
      for (let time = 0; time < times; time += 1) {
        await untilLinked(world);
        await delay(afterVenueMs / world.speed);
        hits += await cutLinks(world, cut);
      }
      return hits;
    },
  }),
];

async function cutLinks(world: World, how: 'fin' | 'rst'): Promise<number> {
  await untilLinked(world);
  return world.exchange.cut(how, 'websocket');
}

function untilLinked({ exchange }: World): Promise<void> {
  return until(() => exchange.wires('websocket').length > 0, 'ingest opens its streams');
}

/** Strikes the present links and waits until ingest has let go of them. */
async function untilReplaced(world: World, strike: () => number): Promise<number> {
  const struck = world.exchange.wires('websocket');
  const hits = strike();
  await until(() => struck.every((wire) => !wire.isOpen), 'ingest replaces a dead link');
  return hits;
}
