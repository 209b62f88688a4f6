import type { Report } from '../measure/report.ts';
import type { SocketPlan } from './commands.ts';
import { SYMBOLS } from './market.ts';
import type { Load, Run, ServerKind, Stage } from './stage.ts';

/** Opens a server of a kind with its clients. */
export type OpenStage = (kind: ServerKind) => Promise<Stage>;

const NAMES: Readonly<Record<ServerKind, string>> = {
  gateway: 'gateway',
  perSubscriber: 'Yoga executing per subscriber',
  broadcast: 'bare ws broadcast',
};

/** One of several that are measured beside each other. */
interface Rival {
  readonly name: string;
  readonly kind: ServerKind;
  readonly plans: readonly SocketPlan[];
  readonly load: Load;
  /** Ticks of the load's symbols before anybody connects. */
  readonly past?: number;
}

/** What a measurement of rivals needs. */
export interface Contest {
  readonly open: OpenStage;
  readonly report: Report;
  readonly seconds: number;
  /** How often each is measured: by turns, because the machine is not always as fast. The median counts. */
  readonly rounds: number;
}

/** Measures one subscription a socket: the gateway, a bare broadcast, and execution per subscriber. */
export async function measureOneEach(contest: Contest, sockets: number, ticksASecond: number): Promise<void> {
  const { report, seconds } = contest;
  report.section(`${sockets} sockets, one subscription each, ${ticksASecond} events/s`);
  const plans = Array.from({ length: sockets }, () => [{ symbols: [0] }]);
  const load = { first: 0, last: 1, ticksASecond, seconds };
  const fewer = { ...load, ticksASecond: Math.min(ticksASecond, 10_000 / sockets) };
  const [gateway, broadcast, perSubscriber] = await measure(contest, [
    { name: NAMES.gateway, kind: 'gateway', plans, load },
    { name: NAMES.broadcast, kind: 'broadcast', plans, load },
    { name: NAMES.perSubscriber, kind: 'perSubscriber', plans, load: fewer },
  ]);
  compare(report, 'CPU of the gateway ÷ bare broadcast', gateway, broadcast, 1.25);
  compare(report, 'CPU of the gateway ÷ per subscriber', gateway, perSubscriber, 0.2);
}

/** Measures twenty subscriptions a socket, each to its own symbol: a watch-list whose rows move together. */
export async function measureTwentyEach(contest: Contest): Promise<void> {
  const { report, seconds } = contest;
  report.section('250 sockets, twenty subscriptions each, all twenty symbols move at once');
  const plans = Array.from({ length: 250 }, () => Array.from({ length: 20 }, (_, symbol) => ({ symbols: [symbol] })));
  const load = { first: 0, last: 20, ticksASecond: 4, seconds };
  const [gateway, perSubscriber] = await measure(contest, [
    { name: NAMES.gateway, kind: 'gateway', plans, load },
    { name: NAMES.perSubscriber, kind: 'perSubscriber', plans, load: { ...load, ticksASecond: 1 } },
  ]);
  compare(report, 'CPU of the gateway ÷ per subscriber', gateway, perSubscriber, 1 / 25);
}

/** Measures sockets that each follow twenty random symbols of two hundred after a cursor of their own, beside ones that all follow the same. */
export async function measureOwnLists(contest: Contest): Promise<void> {
  const { report, seconds } = contest;
  report.section('1,000 sockets, one subscription of twenty symbols each, all symbols move at once');
  const past = 50;
  const random = seeded(7);
  const same: SocketPlan[] = Array.from({ length: 1_000 }, () => [{ symbols: range(20) }]);
  const own: SocketPlan[] = same.map(() => [{ symbols: pick(20, SYMBOLS, random), after: Math.floor(random() * past * SYMBOLS) }]);
  const load = { first: 0, last: 20, ticksASecond: 1, seconds };
  const [equal, apart] = await measure(contest, [
    { name: 'gateway, the same twenty symbols', kind: 'gateway', plans: same, load },
    { name: 'gateway, twenty of 200, own cursors', kind: 'gateway', plans: own, load: { ...load, last: SYMBOLS }, past },
  ]);
  compare(report, 'CPU of own lists and cursors ÷ the same list', apart, equal, 2);
}

/** Measures how much one process delivers when it is asked for more than it must. */
export async function measureThroughput({ open, report, seconds }: Contest): Promise<void> {
  report.section('1,000 sockets, one subscription each, as fast as it goes');
  const plans = Array.from({ length: 1_000 }, () => [{ symbols: [0] }]);
  const stage = await open('gateway');
  try {
    await stage.connect(plans);
    await stage.warmUp(0, 1, plans.length);
    const run = await stage.run({ first: 0, last: 1, ticksASecond: 60, seconds });
    report.figure({ what: 'deliveries a second', value: run.deliveriesASecond, unit: '/s', goal: { atLeast: 50_000 } });
    report.figure({ what: 'CPU for a delivery', value: run.cpuUs, unit: 'µs' });
    report.figure({ what: 'p99', value: run.p99Ms, unit: 'ms' });
  } finally {
    await stage.end();
  }
}

/** Measures rivals by turns and returns of each the run whose CPU is the median. */
async function measure({ open, report, rounds }: Contest, rivals: readonly Rival[]): Promise<Run[]> {
  const runs: Run[][] = rivals.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, rival] of rivals.entries()) runs[index]?.push(await measureOnce(open, rival));
  }
  return rivals.map(({ name }, index) => {
    const sorted = [...(runs[index] ?? [])].sort((a, b) => a.cpuUs - b.cpuUs);
    const median = sorted[Math.floor(rounds / 2)];
    if (!median) throw new Error(`${name} was not measured`);
    print(report, name, median, sorted);
    return median;
  });
}

async function measureOnce(open: OpenStage, { kind, plans, load, past }: Rival): Promise<Run> {
  const stage = await open(kind);
  try {
    if (past) await stage.server({ do: 'burst', first: load.first, last: load.last, ticks: past });
    await stage.connect(plans);
    await stage.warmUp(
      load.first,
      load.last,
      plans.reduce((sum, plan) => sum + plan.length, 0),
    );
    return await stage.run(load);
  } finally {
    await stage.end();
  }
}

function print(report: Report, what: string, run: Run, sorted: readonly Run[]): void {
  const spread = [sorted[0], sorted.at(-1)].map((each) => each?.cpuUs.toFixed(1)).join(' to ');
  report.figure({ what: `${what}: CPU for a delivery (${spread})`, value: run.cpuUs, unit: 'µs' });
  report.figure({
    what: `${what}: deliveries a second of ${Math.round(run.bytesAMessage)} bytes`,
    value: run.deliveriesASecond,
    unit: '/s',
  });
  report.figure({ what: `${what}: p50`, value: run.p50Ms, unit: 'ms' });
  report.figure({ what: `${what}: p99`, value: run.p99Ms, unit: 'ms' });
}

function compare(report: Report, what: string, one: Run | undefined, other: Run | undefined, atMost: number): void {
  report.figure({ what, value: (one?.cpuUs ?? Number.NaN) / (other?.cpuUs ?? Number.NaN), unit: '', goal: { atMost } });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function pick(count: number, of: number, random: () => number): number[] {
  const picked = new Set<number>();
  while (picked.size < count) picked.add(Math.floor(random() * of));
  return [...picked];
}

/** Always the same numbers in [0, 1) for a seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
