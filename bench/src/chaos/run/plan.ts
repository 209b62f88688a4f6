import * as fc from 'fast-check';
import type { CutHow } from '../../faults/line/fault-line.ts';

/** One subscription of a client. */
export interface StreamPlan {
  readonly symbols: readonly string[];
  readonly interval: string;
  readonly closedOnly: boolean;
  /** Candles of each symbol to begin with; 0 for none. */
  readonly snapshot: number;
  /** Begins at the cursor of the start of the run instead. */
  readonly isFromCursor: boolean;
  readonly throttleMs: number;
}

/** One client: its subscriptions share a socket. */
export interface ClientPlan {
  readonly name: string;
  readonly streams: readonly StreamPlan[];
  /** To which gateway its connections go, one after the other. */
  readonly gateways: Iterator<number>;
  readonly cuts: Iterator<PlannedCut>;
}

/** The next thing that happens to a client. */
export interface PlannedCut {
  readonly kind: 'plain' | 'inside a frame' | 'again while it catches up' | 'half-open';
  readonly how: CutHow;
  readonly pauseMs: number;
  /** Bytes that the next connection carries before it is cut as well. */
  readonly bytes: number;
  /** Goes on at once instead of waiting until the client has resumed. */
  readonly isHasty: boolean;
  /** Ends the client's process with the cut and starts it again from its last cursor. */
  readonly isRestart: boolean;
}

/** Something that happens to many clients at once, when so great a share of the cuts has been made. */
export interface GreatPlan {
  readonly share: number;
  readonly kind: 'storm' | 'gateway killed' | 'gateway drained';
  readonly gateway: number;
  readonly how: CutHow;
  readonly downMs: number;
}

/** All that a seed says. */
export interface ChaosPlan {
  readonly clients: readonly ClientPlan[];
  readonly great: readonly GreatPlan[];
}

const INTERVALS = ['1m', '1m', '1m', '3m', '5m', '15m', '1h'] as const;
const GREAT_KINDS = ['gateway killed', 'storm', 'gateway drained'] as const;
const FEWEST_CLIENTS = 12;
const MOST_CLIENTS = 16;
const CUTS_A_CLIENT = 50;
const CUTS_A_GREAT = 120;
const FEWEST_GREAT = 4;

/** Returns what a seed says for so many cuts; always the same. */
export function planChaos(seed: number, cuts: number, symbols: readonly string[]): ChaosPlan {
  const count = Math.min(MOST_CLIENTS, Math.max(FEWEST_CLIENTS, Math.ceil(cuts / CUTS_A_CLIENT)));
  const how = fc.constantFrom<CutHow>('fin', 'rst');
  const stream = fc.record({
    symbols: fc.shuffledSubarray([...symbols], { minLength: 1 }),
    interval: fc.constantFrom(...INTERVALS),
    closedOnly: fc.boolean(),
    snapshot: fc.constantFrom(0, 0, 10, 200),
    isFromCursor: fc.boolean(),
    throttleMs: fc.constantFrom(0, 100, 1_000),
  });
  const cut = fc.record({
    kind: fc.oneof(
      { weight: 60, arbitrary: fc.constant('plain' as const) },
      { weight: 20, arbitrary: fc.constant('inside a frame' as const) },
      { weight: 19, arbitrary: fc.constant('again while it catches up' as const) },
      { weight: 1, arbitrary: fc.constant('half-open' as const) },
    ),
    how,
    pauseMs: fc.integer({ min: 0, max: 500 }),
    bytes: fc.integer({ min: 1, max: 12_000 }),
    isHasty: boolWithChance(0.2),
    isRestart: boolWithChance(0.08),
  });
  const clients = Array.from({ length: count }, (_, index): ClientPlan => {
    const own = seed * 1_000 + index * 4;
    const streams: StreamPlan[] = drawStream(fc.array(stream, { minLength: 1, maxLength: 3 }), own).next().value ?? [];
    return {
      name: `client ${index}`,
      streams: streams.map((plan) => (plan.snapshot > 0 ? { ...plan, isFromCursor: false } : plan)),
      gateways: drawStream(fc.integer({ min: 0, max: 1 }), own + 1),
      cuts: drawStream(cut, own + 2),
    };
  });
  const greatCount = Math.max(FEWEST_GREAT, Math.floor(cuts / CUTS_A_GREAT));
  const details = drawStream(fc.record({ how, downMs: fc.integer({ min: 0, max: 1_500 }) }), seed * 1_000 + 999);
  const great = Array.from({ length: greatCount }, (_, index): GreatPlan => {
    const { how: greatHow, downMs } = details.next().value ?? { how: 'rst', downMs: 0 };
    // Both gateways are killed and drained: the kinds take turns of three, the gateways of two.
    const kind = GREAT_KINDS[index % GREAT_KINDS.length] ?? 'storm';
    return { share: (index + 1) / (greatCount + 1), kind, gateway: (seed + index) % 2, how: greatHow, downMs };
  });
  return { clients, great };
}

function boolWithChance(chance: number): fc.Arbitrary<boolean> {
  return fc.integer({ min: 1, max: 100 }).map((value) => value <= chance * 100);
}

/** An endless sequence of values, always the same for a seed. */
function drawStream<T>(arbitrary: fc.Arbitrary<T>, seed: number): Iterator<T> {
  const [stream] = fc.sample(fc.infiniteStream(fc.noBias(arbitrary)), { seed, numRuns: 1 });
  if (!stream) throw new Error('fast-check drew nothing');
  return stream;
}
