import type { FrameHarm } from '@candlecast/exchange-sim';
import * as fc from 'fast-check';
import { armFault } from '../world/armed-fault.ts';
import type { World } from '../world/world.ts';
import { type ShotKind, shotKind, untilHit } from './shot.ts';

/** Frames of candles and of books, all or only those that close. */
const aim = fc.constantFrom(
  { stream: '*' },
  { stream: '*@kline_1m' },
  { stream: '*@kline_1m', only: 'closing' as const },
  { stream: 'btcusdt@*' },
);
const count = fc.integer({ min: 2, max: 40 });

const HARMLESS: Readonly<Record<string, fc.Arbitrary<FrameHarm>>> = {
  'frames twice': fc.record({ how: fc.constant('repeat' as const), times: fc.integer({ min: 1, max: 3 }) }),
  'frames late': fc.record({ how: fc.constant('delay' as const), delayMs: fc.integer({ min: 500, max: 120_000 }) }),
  'frames out of order': fc.record({ how: fc.constant('reorder' as const), window: fc.integer({ min: 1, max: 6 }) }),
  'old frames again': fc.record({ how: fc.constant('replay' as const), back: fc.integer({ min: 1, max: 60 }) }),
  'old frames instead': fc.record({
    how: fc.constant('replay' as const),
    back: fc.integer({ min: 1, max: 20 }),
    instead: fc.constant(true),
  }),
  'frames lost': fc.record({ how: fc.constant('drop' as const) }),
};

const MALFORMED: Readonly<Record<string, fc.Arbitrary<FrameHarm>>> = {
  'broken JSON': fc.constant({ how: 'corruptJson' }),
  'broken UTF-8': fc.constant({ how: 'corruptUtf8' }),
  'truncated frame': fc.constant({ how: 'truncate' }),
  'wrong type': fc.constant({ how: 'wrongType' }),
  'amount NaN': fc.constant({ how: 'badNumber', value: 'NaN' }),
  'amount negative': fc.constant({ how: 'badNumber', value: 'negative' }),
  'amount 1e400': fc.constant({ how: 'badNumber', value: '1e400' }),
  'unknown event': fc.constant({ how: 'unknownEvent' }),
  'unknown field': fc.constant({ how: 'unknownField' }),
  'unknown enum value': fc.constant({ how: 'newEnum' }),
  'wrong symbol': fc.record({ how: fc.constant('wrongSymbol' as const), as: fc.constantFrom('ZZZUSDT', 'ETHUSDT', 'BTCUSDT') }),
};

/** F8: frames twice, late, out of order, old ones again. F9: frames that are wrong in themselves. */
export const FRAME_SHOTS: readonly ShotKind[] = [
  ...Object.entries(HARMLESS).map(([name, harm]) => frameShot('F8', name, harm)),
  ...Object.entries(MALFORMED).map(([name, harm]) => frameShot('F9', name, harm)),
  shotKind({
    name: 'frame of 17 MB',
    class: 'F9',
    holds: ['stream'],
    parameters: fc.constant({}),
    fire: (world) => spoil(world, { how: 'oversize' }, { stream: '*@kline_1m' }, 1),
  }),
  shotKind({
    name: 'event times off',
    class: 'F9',
    holds: ['stream'],
    parameters: fc.record({ byMs: fc.constantFrom(-600_000, -61_000, 61_000, 600_000, 86_400_000), count }),
    fire: (world, { byMs, count: wanted }) => spoil(world, { how: 'shiftTime', byMs }, { stream: '*@kline_1m' }, wanted),
  }),
];

function frameShot(faultClass: 'F8' | 'F9', name: string, harm: fc.Arbitrary<FrameHarm>): ShotKind {
  return shotKind({
    name,
    class: faultClass,
    holds: ['stream'],
    parameters: fc.record({ harm, aim, count }),
    fire: (world, { harm: chosen, aim: at, count: wanted }) => spoil(world, chosen, at, wanted),
  });
}

async function spoil(world: World, harm: FrameHarm, at: { stream: string; only?: 'closing' }, wanted: number): Promise<number> {
  const armed = await armFault(world, { kind: 'frames', ...harm, ...at, count: wanted });
  return untilHit(() => armed.hits(), wanted);
}
