import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EpochMs, systemClock } from '@candlecast/domain';
import { type ExchangeSim, startExchangeSim } from '@candlecast/exchange-sim';
import { type Supervisor, superviseApp } from '../faults/world/supervisor.ts';
import { openEmbedded, type TierServer } from '../measure/tier-servers.ts';

/** What the exchange is like. */
export interface LiveSetting {
  readonly symbols: readonly string[];
  readonly historyDays: number;
  readonly seed: number;
  /** Of the venue's clock beside ours. */
  readonly speed: number;
}

/** The whole of a live system but for its gateway: an exchange in this process, the rest in processes of their own. */
export interface LiveStand {
  readonly server: TierServer;
  readonly sim: ExchangeSim;
  readonly ingest: Supervisor;
  /** None before they are started. */
  readonly forecasters: readonly Supervisor[];
  startForecasters(count: number): void;
  close(): Promise<void>;
}

/** Six hours before a midnight, which a run of an hour passes with all that is due then. */
const ANCHOR = Date.UTC(2026, 0, 5, 18) as EpochMs;
const programOf = (app: string) => fileURLToPath(new URL(`../../../apps/${app}/dist/main.js`, import.meta.url));

/** Starts database, exchange and ingest. */
export async function openLiveStand({ symbols, historyDays, seed, speed }: LiveSetting): Promise<LiveStand> {
  const server = await openEmbedded(false);
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-live-'));
  const source = { kind: 'simulated', seed, symbols, pairCount: symbols.length } as const;
  const sim = await startExchangeSim({ source, wallClock: systemClock, speed, anchorTime: ANCHOR });
  const common = {
    DATABASE_URL: server.url,
    CANDLECAST_SOURCE: 'simulated',
    CANDLECAST_INSTRUMENTS: symbols.join(','),
    CANDLECAST_HOST: '127.0.0.1',
    CANDLECAST_LOG_LEVEL: 'info',
  };
  const ingest = superviseApp(() => ({
    program: programOf('ingest'),
    environment: {
      ...common,
      CANDLECAST_BINANCE_REST_URL: sim.restUrl,
      CANDLECAST_BINANCE_WS_URL: sim.wsUrl,
      CANDLECAST_CLOCK_SPEED: `${speed}`,
      CANDLECAST_HISTORY_DAYS: `${historyDays}`,
      CANDLECAST_INGEST_PORT: '0',
    },
  }));
  const forecasters: Supervisor[] = [];
  return {
    server,
    sim,
    ingest,
    forecasters,
    startForecasters(count) {
      const environment = { ...common, CANDLECAST_DATA_DIR: folder, CANDLECAST_FORECASTER_PORT: '0' };
      while (forecasters.length < count) forecasters.push(superviseApp(() => ({ program: programOf('forecaster'), environment })));
    },
    async close() {
      await Promise.all([...forecasters, ingest].map((one) => one.stop()));
      await sim.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
