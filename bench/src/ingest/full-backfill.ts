import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DAY_MS, systemClock, toEpochMs } from '@candlecast/domain';
import { startExchangeSim } from '@candlecast/exchange-sim';
import { findFreePort } from '@candlecast/testkit';
import type { Report } from '../measure/report.ts';
import type { TierServer } from '../measure/tier-servers.ts';

const PROGRAM = join(import.meta.dirname, '../../../apps/ingest/dist/main.js');
const FIRST = toEpochMs(Date.UTC(2017, 7, 17, 4));
const NOW = toEpochMs(Date.UTC(2026, 10, 1));
/** Ingest keeps a fifth of the limit for repairs: of this limit it uses 3,000 a minute, half of the exchange's. */
const WEIGHT_PER_MINUTE = 3_750;
const CAP_S = 1_200;

/** Measures how long a real ingest process takes to fetch, check and store the whole 1m history of BTCUSDT from the simulator. */
export async function measureFullBackfill({ url, database }: TierServer, report: Report): Promise<void> {
  if (!existsSync(PROGRAM)) {
    report.skip('full BTCUSDT 1m backfill', 'build first (npm run build)');
    return;
  }
  const sim = await startExchangeSim({
    source: { kind: 'simulated', seed: 1, symbols: ['BTCUSDT'], pairCount: 1 },
    wallClock: systemClock,
    anchorTime: NOW,
    limits: { weightPerMinute: WEIGHT_PER_MINUTE },
  });
  const ingest = spawn(process.execPath, [PROGRAM], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      CANDLECAST_SOURCE: 'simulated',
      CANDLECAST_INSTRUMENTS: 'BTCUSDT',
      CANDLECAST_HISTORY_DAYS: String(Math.ceil((NOW - FIRST) / DAY_MS) + 1),
      CANDLECAST_BINANCE_REST_URL: sim.restUrl,
      CANDLECAST_BINANCE_WS_URL: sim.wsUrl,
      CANDLECAST_INGEST_PORT: String(await findFreePort()),
      CANDLECAST_LOG_LEVEL: 'warn',
    },
  });
  const ended = new Promise<void>((resolve) => ingest.once('exit', () => resolve()));
  try {
    const startedAt = performance.now();
    const rows = await untilComplete();
    const took = (performance.now() - startedAt) / 1_000;
    report.figure({ what: 'full BTCUSDT 1m backfill at half the weight limit', value: took, unit: 's', goal: { atMost: 300 } });
    report.figure({ what: `the same, ${rows.toLocaleString('en-GB')} rows`, value: rows / took, unit: 'rows/s' });
  } finally {
    ingest.kill('SIGTERM');
    await ended;
    await sim.close();
  }

  async function untilComplete(): Promise<number> {
    const deadline = performance.now() + CAP_S * 1_000;
    while (performance.now() < deadline && ingest.exitCode === null) {
      const [row] = await database.sessions.run<{ rows: number; missing: number }>({
        name: 'bench-backfill',
        text: `select s.count as rows, (extract(epoch from i.watermark - i.first_open_time) / 60)::bigint + 1 - s.count as missing
          from instrument i cross join lateral (select count(*) from candle_1m c where c.instrument_id = i.id and c.open_time <= i.watermark) s
          where i.symbol = 'BTCUSDT' and i.first_open_time = to_timestamp(${FIRST / 1_000})`,
      });
      if (row) {
        if (row.missing !== 0) throw new Error(`${row.missing} minutes are missing`);
        return row.rows;
      }
      await delay(500);
    }
    throw new Error(`the history was not complete after ${CAP_S} s (exit code ${ingest.exitCode})`);
  }
}
