import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@candlecast/domain';
import { startExchangeSim } from '@candlecast/exchange-sim';
import type { Report } from '../measure/report.ts';
import type { TierServer } from '../measure/tier-servers.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'BNBUSDT', 'ADAUSDT', 'DOGEUSDT', 'LTCUSDT', 'DOTUSDT', 'USDCUSDT'];
const CAP_S = 120;
const LASTING_MS = 2_500;

/** Measures how long two processes that share ten pairs need to take over from each other, and one to come back after it was killed. */
export async function measureTakeOver(program: string, { url, database }: TierServer, report: Report): Promise<void> {
  const source = { kind: 'simulated', seed: 1, symbols: SYMBOLS, pairCount: SYMBOLS.length } as const;
  const sim = await startExchangeSim({ source, wallClock: systemClock });
  const started: ChildProcess[] = [];
  try {
    const [killed, stopped] = [start(), start()];
    await untilKeptBy(2);
    killed.kill('SIGKILL');
    await measure('kill -9 of one of two: all pairs kept by the other and live', 1);
    stopped.kill('SIGKILL');
    await untilKeptBy(0);
    const restarted = start();
    await measure('start after kill -9 of the only process: all pairs live', 1);
    start();
    await untilKeptBy(2);
    restarted.kill('SIGSTOP');
    await measure('SIGSTOP of one of two: all pairs kept by the other and live', 1);
    restarted.kill('SIGCONT');
    await measure('SIGCONT: shared again and live', 2);
  } finally {
    for (const child of started) child.kill('SIGKILL');
    await sim.close();
  }

  function start(): ChildProcess {
    const child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: url,
        CANDLECAST_SOURCE: 'simulated',
        CANDLECAST_INSTRUMENTS: SYMBOLS.join(),
        CANDLECAST_HISTORY_DAYS: '1',
        CANDLECAST_BINANCE_REST_URL: sim.restUrl,
        CANDLECAST_BINANCE_WS_URL: sim.wsUrl,
        CANDLECAST_INGEST_PORT: '0',
        CANDLECAST_LOG_LEVEL: 'error',
      },
    });
    started.push(child);
    return child;
  }

  async function measure(what: string, keepers: number): Promise<void> {
    const startedAt = performance.now();
    const reachedAt = await untilKeptBy(keepers);
    report.figure({ what, value: (reachedAt - startedAt) / 1_000, unit: 's', goal: { atMost: 10 } });
  }

  /**
   * Waits until so many living processes keep the pairs, all of them live (with none, until nobody alive keeps any), and returns when that
   * came to be. It has to last: at first a taken pair is still called live by its former keeper.
   */
  async function untilKeptBy(keepers: number): Promise<number> {
    const deadline = performance.now() + CAP_S * 1_000;
    let since: number | undefined;
    while (performance.now() < deadline) {
      const [row] = await database.sessions.run<{ keepers: number; kept: number; live: number }>({
        name: 'bench-take-over',
        text: `select count(distinct m.id)::integer as keepers, count(*)::integer as kept,
            count(*) filter (where i.state = 'LIVE' and m.feed_state = 'LIVE')::integer as live
          from ingest_lease l join instrument i on i.id = l.instrument_id join ingest_member m on m.id = l.member_id and ingest_is_alive(m)`,
      });
      const wanted = keepers === 0 ? 0 : SYMBOLS.length;
      if (row?.keepers !== keepers || row.kept !== wanted || row.live !== wanted) since = undefined;
      else since ??= performance.now();
      if (since !== undefined && performance.now() - since > LASTING_MS) return since;
      await delay(50);
    }
    throw new Error(`not all pairs were kept by ${keepers} processes and live after ${CAP_S} s`);
  }
}
