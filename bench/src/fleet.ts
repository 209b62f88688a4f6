// `npm run bench:fleet`: how long one ingest process takes to bring every pair that the simulator lists live with a day of history, and what a
// minute's end costs then; and how long processes that share pairs need to take over. Build first (`npm run build`). PAIRS in the environment
// measures fewer pairs, 0 the taking over alone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@candlecast/domain';
import { startExchangeSim } from '@candlecast/exchange-sim';
import { findFreePort } from '@candlecast/testkit';
import { readMetrics } from './fleet/read-metrics.ts';
import { measureTakeOver } from './fleet/take-over.ts';
import { watchMinutes } from './fleet/watch-minutes.ts';
import { createReport } from './measure/report.ts';
import { onPlainTier, type TierServer } from './measure/tier-servers.ts';

const PROGRAM = join(import.meta.dirname, '../../apps/ingest/dist/main.js');
const PAIRS = Number.parseInt(process.env.PAIRS ?? '1600', 10);
const MINUTES = 4;
const CAP_S = 900;

const report = createReport();
if (!existsSync(PROGRAM)) throw new Error('build first (npm run build)');
if (PAIRS > 0) await onPlainTier(report, `${PAIRS} pairs in one process`, measureFleet);
await onPlainTier(report, 'Ten pairs in two processes', (server) => measureTakeOver(PROGRAM, server, report));
process.exitCode = report.exitCode();

async function measureFleet({ url, database }: TierServer): Promise<void> {
  const source = { kind: 'simulated', seed: 1, symbols: ['BTCUSDT'], pairCount: PAIRS } as const;
  const sim = await startExchangeSim({ source, wallClock: systemClock });
  const port = await findFreePort();
  const ingest = spawn(process.execPath, [PROGRAM], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      CANDLECAST_SOURCE: 'simulated',
      CANDLECAST_INSTRUMENTS: 'all',
      CANDLECAST_HISTORY_DAYS: '1',
      CANDLECAST_BINANCE_REST_URL: sim.restUrl,
      CANDLECAST_BINANCE_WS_URL: sim.wsUrl,
      CANDLECAST_INGEST_PORT: String(port),
      CANDLECAST_STORE_TRADES: process.env.CANDLECAST_STORE_TRADES ?? '',
      CANDLECAST_SAMPLE_BOOK: process.env.CANDLECAST_SAMPLE_BOOK ?? '',
      CANDLECAST_LOG_LEVEL: 'warn',
    },
  });
  const ended = new Promise<void>((resolve) => ingest.once('exit', () => resolve()));
  try {
    const startedAt = performance.now();
    await untilLive();
    report.figure({ what: 'start to all pairs live with a day of history', value: (performance.now() - startedAt) / 1_000, unit: 's' });
    report.figure({ what: 'processor time of ingest until then', value: (await readMetrics(port)).cpuS, unit: 's' });
    const { user, system } = process.cpuUsage();
    report.figure({ what: 'processor time of the simulator until then', value: (user + system) / 1e6, unit: 's' });
    const [stored] = await database.sessions.run<{ rows: number }>({
      name: 'bench-fleet-rows',
      text: 'select count(*) as rows from candle_1m',
    });
    report.figure({ what: 'candles stored by then', value: stored?.rows ?? 0, unit: 'rows' });
    const before = await readMetrics(port);
    const minutes = await watchMinutes(database, PAIRS, MINUTES);
    const after = await readMetrics(port);
    for (const { closes, commits, spanMs, lastAfterMs } of minutes) {
      report.figure({ what: `a minute's closes stored, in ${commits} commits`, value: closes, unit: 'closes' });
      report.figure({ what: '… from the first commit to the last', value: spanMs, unit: 'ms', goal: { atMost: 1_000 } });
      report.figure({ what: "… all of them in the log, after the minute's end", value: lastAfterMs, unit: 'ms' });
    }
    report.figure({ what: 'frames a second', value: (after.frames - before.frames) / after.secondsSince(before), unit: 'frames/s' });
    report.figure({ what: 'processor time of ingest', value: (after.cpuS - before.cpuS) / after.secondsSince(before), unit: 'cores' });
    report.figure({ what: 'lag of candle updates, p99 at most', value: after.lagBelow(before, 0.99), unit: 'ms', goal: { atMost: 1_000 } });
    report.figure({ what: 'event loop lag, p99 since the start', value: after.loopLagMs, unit: 'ms' });
    report.figure({ what: 'memory of ingest', value: after.memoryMb, unit: 'MB' });
    report.figure({ what: 'closes that had to be requested', value: after.lateCloses, unit: 'closes' });
    report.figure({ what: 'request weight a minute, newest', value: after.usedWeight, unit: 'weight' });
  } finally {
    ingest.kill('SIGTERM');
    await ended;
    await sim.close();
  }

  async function untilLive(): Promise<void> {
    const deadline = performance.now() + CAP_S * 1_000;
    let shown = 0;
    while (performance.now() < deadline && ingest.exitCode === null) {
      const rows = await database.sessions.run<{ state: string; count: number }>({
        name: 'bench-fleet-states',
        text: 'select state::text, count(*)::integer as count from instrument group by 1 order by 1',
      });
      if (rows.find(({ state }) => state === 'LIVE')?.count === PAIRS) return;
      if (performance.now() - shown > 15_000) {
        console.log(`  … ${rows.map(({ state, count }) => `${state} ${count}`).join(', ')}`);
        shown = performance.now();
      }
      await delay(500);
    }
    throw new Error(`not all pairs were live after ${CAP_S} s (exit code ${ingest.exitCode})`);
  }
}
