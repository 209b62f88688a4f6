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

/** Measures one subscription a socket: the gateway, a bare broadcast, and execution per subscriber. */
export async function measureOneEach(
  open: OpenStage,
  report: Report,
  sockets: number,
  ticksASecond: number,
  seconds: number,
): Promise<void> {
  const plans = Array.from({ length: sockets }, () => [{ symbols: [0] }]);
  const load = { first: 0, last: 1, ticksASecond, seconds };
  const title = `${sockets} sockets, one subscription each, ${ticksASecond} events/s`;
  report.section(title);
  const gateway = await measure(open, 'gateway', plans, load, report);
  const broadcast = await measure(open, 'broadcast', plans, load, report);
  const perSubscriber = await measure(
    open,
    'perSubscriber',
    plans,
    { ...load, ticksASecond: Math.min(ticksASecond, 10_000 / sockets) },
    report,
  );
  report.figure({ what: 'CPU of the gateway ÷ bare broadcast', value: gateway.cpuUs / broadcast.cpuUs, unit: '', goal: { atMost: 1.25 } });
  report.figure({
    what: 'CPU of the gateway ÷ per subscriber',
    value: gateway.cpuUs / perSubscriber.cpuUs,
    unit: '',
    goal: { atMost: 0.2 },
  });
}

/** Measures twenty subscriptions a socket, each to its own symbol: a watch-list whose rows move together. */
export async function measureTwentyEach(open: OpenStage, report: Report, seconds: number): Promise<void> {
  const plans = Array.from({ length: 250 }, () => Array.from({ length: 20 }, (_, symbol) => ({ symbols: [symbol] })));
  report.section('250 sockets, twenty subscriptions each, all twenty symbols move at once');
  const gateway = await measure(open, 'gateway', plans, { first: 0, last: 20, ticksASecond: 4, seconds }, report);
  const perSubscriber = await measure(open, 'perSubscriber', plans, { first: 0, last: 20, ticksASecond: 1, seconds }, report);
  report.figure({
    what: 'CPU of the gateway ÷ per subscriber',
    value: gateway.cpuUs / perSubscriber.cpuUs,
    unit: '',
    goal: { atMost: 1 / 25 },
  });
}

/** Measures sockets that each follow twenty random symbols of two hundred after a cursor of their own, beside ones that all follow the same. */
export async function measureOwnLists(open: OpenStage, report: Report, seconds: number): Promise<void> {
  const past = 50;
  const random = seeded(7);
  const same: SocketPlan[] = Array.from({ length: 1_000 }, () => [{ symbols: range(20) }]);
  const own: SocketPlan[] = same.map(() => [{ symbols: pick(20, SYMBOLS, random), after: Math.floor(random() * past * SYMBOLS) }]);
  report.section('1,000 sockets, one subscription of twenty symbols each, all symbols move at once');
  const equal = await measure(open, 'gateway', same, { first: 0, last: 20, ticksASecond: 1, seconds }, report, 'the same twenty symbols');
  const stage = await open('gateway');
  try {
    await stage.server({ do: 'burst', first: 0, last: SYMBOLS, ticks: past });
    await stage.connect(own);
    await stage.warmUp(0, SYMBOLS, own.length);
    const run = await stage.run({ first: 0, last: SYMBOLS, ticksASecond: 1, seconds });
    print(report, 'gateway, twenty of 200, own cursors', run);
    report.figure({ what: 'CPU of own lists and cursors ÷ the same list', value: run.cpuUs / equal.cpuUs, unit: '', goal: { atMost: 2 } });
  } finally {
    await stage.end();
  }
}

/** Measures how much one process delivers when it is asked for more than it must. */
export async function measureThroughput(open: OpenStage, report: Report, seconds: number): Promise<void> {
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

async function measure(
  open: OpenStage,
  kind: ServerKind,
  plans: readonly SocketPlan[],
  load: Load,
  report: Report,
  note = '',
): Promise<Run> {
  const stage = await open(kind);
  try {
    await stage.connect(plans);
    await stage.warmUp(
      load.first,
      load.last,
      plans.reduce((sum, plan) => sum + plan.length, 0),
    );
    const run = await stage.run(load);
    print(report, note ? `${NAMES[kind]}, ${note}` : NAMES[kind], run);
    return run;
  } finally {
    await stage.end();
  }
}

function print(report: Report, what: string, run: Run): void {
  report.figure({ what: `${what}: CPU for a delivery`, value: run.cpuUs, unit: 'µs' });
  report.figure({
    what: `${what}: deliveries a second of ${Math.round(run.bytesAMessage)} bytes`,
    value: run.deliveriesASecond,
    unit: '/s',
  });
  report.figure({ what: `${what}: p50`, value: run.p50Ms, unit: 'ms' });
  report.figure({ what: `${what}: p99`, value: run.p99Ms, unit: 'ms' });
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
