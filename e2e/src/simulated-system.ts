import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalSettings, startLocal } from '@candlecast/local';

/** The whole product on this machine over a simulated market that runs faster than real time. */
export interface SimulatedSystem {
  readonly graphqlUrl: string;
  readonly webUrl: string;
  stop(): Promise<void>;
}

/** How many times as fast as real time the market runs: a forecast of half an hour comes true in half a minute. */
export const SPEED = 60;

/** Starts everything from an empty data folder on free ports, with two pairs and two days of history. */
export async function startSimulated(): Promise<SimulatedSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-e2e-'));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const settings = readLocalSettings({
    CANDLECAST_DATA_DIR: join(folder, 'data'),
    CANDLECAST_SOURCE: 'simulated',
    CANDLECAST_CLOCK_SPEED: `${SPEED}`,
    CANDLECAST_INSTRUMENTS: 'BTCUSDT,ETHUSDT',
    CANDLECAST_HISTORY_DAYS: '2',
    CANDLECAST_PUBLIC_TRACKING: 'on',
    // The market's time runs faster than the machine: the deadline is in its time too.
    CANDLECAST_FORECAST_DEADLINE_MS: '60000',
    ...Object.fromEntries(['WEB', 'GATEWAY', 'INGEST', 'FORECASTER', 'SIM', 'POSTGRES'].map((name) => [`CANDLECAST_${name}_PORT`, '0'])),
  });
  if (!settings.ok) throw settings.error;
  const local = await startLocal(settings.value, { onEvent: (event) => event.type !== 'history' && console.log(JSON.stringify(event)) });
  return {
    graphqlUrl: local.urls.graphql,
    webUrl: local.urls.web,
    async stop() {
      await local.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
