import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from '../measure/report.ts';
import type { SocketPlan } from './commands.ts';
import type { OpenStage } from './measure-cost.ts';

/** Measures what a connection with one subscription costs in memory while nothing happens. */
export async function measureIdle(open: OpenStage, report: Report): Promise<void> {
  report.section('5,000 idle connections with one subscription each');
  const count = 5_000;
  const stage = await open('gateway');
  try {
    // What the first ones make the process learn is not theirs.
    await stage.connect(Array.from({ length: 200 }, () => [{ symbols: [0] }]));
    await stage.warmUp(0, 1, 200);
    const before = await stage.server({ do: 'collect' });
    await stage.connect(Array.from({ length: count }, () => [{ symbols: [0] }]));
    await stage.warmUp(0, 1, count + 200);
    await delay(2_000);
    const after = await stage.server({ do: 'collect' });
    const value = (after.residentBytes - before.residentBytes) / count / 1_024;
    report.figure({ what: 'resident memory for a connection', value, unit: 'KB', goal: { atMost: 14 } });
  } finally {
    await stage.end();
  }
}

/** Symbols that fill the buffers of readers that have stopped. */
const BALLAST = { first: 100, last: 149 } as const;
const READERS = 1_000;
const STALLED = 1_000;

/** Measures 1,000 readers alone, then beside 1,000 that have stopped reading. */
export async function measureStalled(open: OpenStage, report: Report, seconds: number): Promise<void> {
  report.section(`${READERS} readers beside ${STALLED} that have stopped reading`);
  const load = { first: 0, last: 1, ticksASecond: 10, seconds };
  const stage = await open('gateway');
  try {
    await stage.connect(Array.from({ length: READERS }, () => [{ symbols: [0] }]));
    await stage.warmUp(0, 1, READERS);
    const alone = await stage.run(load);
    const before = await stage.server({ do: 'collect' });
    const ballast = Array.from({ length: BALLAST.last - BALLAST.first }, (_, index) => BALLAST.first + index);
    await stage.connectStalled(Array.from({ length: STALLED }, (): SocketPlan => [{ symbols: [0, ...ballast] }]));
    const stalledAt = performance.now();
    while ((await stage.metric('candlecast_gateway_fanout_behind_total')) < STALLED) {
      if (performance.now() - stalledAt > 60_000) throw new Error('the buffers of the stalled readers do not fill');
      await stage.server({ do: 'burst', ...BALLAST, ticks: 2 });
      // No faster than it is sent: a queue that runs over sends everybody back to the log, whoever reads.
      while ((await stage.metric('candlecast_gateway_fanout_queued')) > 0) await delay(5);
    }
    report.figure({ what: 'until every stalled reader was behind', value: (performance.now() - stalledAt) / 1_000, unit: 's' });
    const full = await stage.server({ do: 'collect' });
    const beside = await stage.run(load);
    report.figure({ what: 'readers alone: p50', value: alone.p50Ms, unit: 'ms' });
    report.figure({ what: 'readers alone: p99', value: alone.p99Ms, unit: 'ms' });
    report.figure({ what: 'readers beside stalled ones: p50', value: beside.p50Ms, unit: 'ms' });
    report.figure({ what: 'readers beside stalled ones: p99', value: beside.p99Ms, unit: 'ms' });
    report.figure({ what: 'p99 beside ÷ alone', value: beside.p99Ms / alone.p99Ms, unit: '', goal: { atMost: 1.2 } });
    const grownMb = (full.residentBytes - before.residentBytes) / 1_048_576;
    report.figure({ what: 'resident memory of the server, more than without them', value: grownMb, unit: 'MB', goal: { atMost: 200 } });
    while ((await stage.metric('candlecast_gateway_websockets')) > READERS) await delay(200);
    report.figure({
      what: 'from the last that stopped to the last that was cut',
      value: (performance.now() - stalledAt) / 1_000,
      unit: 's',
      goal: { atMost: 30 },
    });
    const { open: stillOpen } = await stage.clients({ do: 'look' });
    report.figure({ what: 'readers that were not cut', value: stillOpen, unit: '', goal: { atLeast: READERS } });
  } finally {
    await stage.end();
  }
}
