import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, RestFaultAnswer } from '@candlecast/exchange-sim';
import * as fc from 'fast-check';
import { armFault } from '../world/armed-fault.ts';
import type { World } from '../world/world.ts';
import { type ShotKind, shotKind, until, untilHit } from './shot.ts';

type RestFault = Extract<Fault, { kind: 'rest' }>;

const calls = fc.integer({ min: 1, max: 4 });
/** The time of the exchange is asked every other second; candles when the stream is not enough. */
const path = fc.constantFrom('klines', 'time', undefined);

const ANSWERS: Readonly<
  Record<
    string,
    {
      readonly answer: fc.Arbitrary<RestFaultAnswer>;
      readonly more?: Partial<RestFault>;
      readonly onlyPath?: string;
      readonly restates?: boolean;
    }
  >
> = {
  'too many requests (429)': { answer: fc.constant(429), more: { retryAfterS: 1 } },
  'server error (5xx)': { answer: fc.constantFrom(500, 502, 503, 504) },
  'slow body': { answer: fc.constant('slowBody'), more: { bodyMs: 1_500 } },
  'cut body': { answer: fc.constant('cutBody') },
  'broken JSON': { answer: fc.constant('corruptJson') },
  'wrong type': { answer: fc.constant('wrongType') },
  'empty page': { answer: fc.constant('emptyPage'), onlyPath: 'klines' },
  'stale answer': { answer: fc.constant('stale'), onlyPath: 'klines', more: { ageMs: 120_000 }, restates: true },
};

/** F11: requests are answered wrongly, late, or not at all. */
export const REQUEST_SHOTS: readonly ShotKind[] = [
  ...Object.entries(ANSWERS).map(([name, { answer, more, onlyPath, restates }]) =>
    shotKind({
      name: `answer: ${name}`,
      class: 'F11',
      holds: ['requests', 'stream'],
      ...(restates && { restates }),
      parameters: fc.record({ answer, calls, path }),
      fire: (world, { answer: said, calls: wanted, path: where }) =>
        spoilRequests(
          world,
          { kind: 'rest', answer: said, calls: wanted, ...more, ...((onlyPath ?? where) !== undefined && { path: onlyPath ?? where }) },
          wanted,
        ),
    }),
  ),
  shotKind({
    name: 'no answer in time',
    class: 'F11',
    holds: ['requests'],
    parameters: fc.constant({}),
    fire: (world) => spoilRequests(world, { kind: 'rest', answer: 'timeout', calls: 1, path: 'klines' }, 1),
  }),
  shotKind({
    name: 'address banned (418)',
    class: 'F11',
    holds: ['requests', 'stream'],
    parameters: fc.record({ retryAfterS: fc.integer({ min: 1, max: 3 }) }),
    fire: banAddress,
  }),
  shotKind({
    name: 'place refused (451)',
    class: 'F11',
    holds: ['requests', 'process'],
    parameters: fc.constant({}),
    fire: refusePlace,
  }),
];

/** Closing frames are left out meanwhile, so that the requests matter. */
async function spoilRequests(world: World, fault: RestFault, wanted: number): Promise<number> {
  const armed = await armFault(world, fault);
  await armFault(world, { kind: 'omitClose', count: 2 * world.symbols.length });
  return untilHit(() => armed.hits(), wanted, 20_000);
}

/** Fails when ingest asks again before the ban is over. */
async function banAddress(world: World, { retryAfterS }: { retryAfterS: number }): Promise<number> {
  const armed = await armFault(world, { kind: 'rest', answer: 418, calls: 1, retryAfterS });
  const hits = await untilHit(() => armed.hits());
  // Requests that were under way when the answer came could not know of it.
  await delay(100);
  const bannedAtMs = performance.now();
  await delay(retryAfterS * 1_000 - 250);
  const early = world.requests.filter(({ atMs }) => atMs > bannedAtMs && atMs < bannedAtMs + retryAfterS * 1_000 - 250);
  if (early.length > 0) throw new Error(`${early.length} requests during a ban, the first for ${early[0]?.path}`);
  return hits;
}

/** Ingest says so and ends with code 1, as often as it is started; then the exchange serves again. */
async function refusePlace(world: World): Promise<number> {
  const { ingest } = world;
  ingest.tolerateEnds(true);
  const { current } = ingest;
  const armed = await armFault(world, { kind: 'rest', answer: 451, calls: 10_000 });
  try {
    await until(() => current.end !== undefined, 'ingest ends after a 451', 20_000);
  } finally {
    armed.disarm();
  }
  const hits = await armed.hits();
  if (current.end?.code !== 1) throw new Error(`ingest ended with code ${current.end?.code} after a 451`);
  if (!current.log.some((line) => line.includes('451') && line.includes('CANDLECAST_BINANCE_REST_URL'))) {
    throw new Error('ingest did not say what to do about a 451');
  }
  // One that started meanwhile may still end of it.
  await delay(1_500);
  ingest.tolerateEnds(false);
  return hits;
}
