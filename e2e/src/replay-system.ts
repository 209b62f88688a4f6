import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type LocalSystem, readLocalSettings, startLocal } from '@candlecast/local';
import { createDatabase, type Database } from '@candlecast/store';
import { testDataDir } from '@candlecast/testkit';
import { request } from './graphql.ts';

const FILES = {
  BTCUSDT: 'BTCUSDT-1m-2021-05_2021-06.csv.gz',
  ETHUSDT: 'ETHUSDT-1m-2021-05_2021-06.csv.gz',
  ADAUSDT: 'ADAUSDT-1m-2021-05_2021-06.csv.gz',
} as const;

export type App = 'ingest' | 'gateway' | 'forecaster' | 'web';

/** The whole product on this machine, replaying recorded candles at many times their pace. */
export interface ReplaySystem {
  readonly graphqlUrl: string;
  readonly webUrl: string;
  readonly dataDir: string;
  readonly database: Database;
  /** Paths of the recordings by symbol. */
  readonly recordings: Readonly<Record<keyof typeof FILES, string>>;
  pids(): Record<App, number>;
  /** Throws unless the web page answers and the app's own work goes on: a newer candle, a newer forecast. */
  expectLive(app: App): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything from an empty data folder on free ports, with three recordings from the moment `replayFrom` on. */
export async function startReplay(replayFrom = '2021-06-11T00:00:00Z', speed = 20): Promise<ReplaySystem> {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-e2e-'));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const replayDir = join(folder, 'recordings');
  mkdirSync(replayDir);
  const source = resolve(testDataDir(), 'klines');
  for (const file of Object.values(FILES)) symlinkSync(join(source, file), join(replayDir, file));

  const settings = readLocalSettings({
    CANDLECAST_DATA_DIR: join(folder, 'data'),
    CANDLECAST_SOURCE: 'replay',
    CANDLECAST_REPLAY_DIR: replayDir,
    CANDLECAST_REPLAY_FROM: replayFrom,
    CANDLECAST_CLOCK_SPEED: `${speed}`,
    // Venue time runs faster than the machine: the deadline is in venue time too.
    CANDLECAST_FORECAST_DEADLINE_MS: '60000',
    ...Object.fromEntries(['WEB', 'GATEWAY', 'INGEST', 'FORECASTER', 'SIM', 'POSTGRES'].map((name) => [`CANDLECAST_${name}_PORT`, '0'])),
  });
  if (!settings.ok) throw settings.error;
  const local = await startLocal(settings.value, { onEvent: (event) => event.type !== 'history' && console.log(JSON.stringify(event)) });
  const database = await createDatabase({ url: local.databaseUrl, applicationName: 'e2e', poolSize: 2 });
  return {
    graphqlUrl: local.urls.graphql,
    webUrl: local.urls.web,
    dataDir: local.dataDir,
    database,
    recordings: mapValues(FILES, (file) => join(source, file)),
    pids: () => local.pids(),
    expectLive: (app) => expectLive(local, app),
    async stop() {
      await database.close();
      await local.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Pulse {
  readonly freshness: readonly { readonly watermark: string; readonly feedState: string }[];
  readonly latestForecasts: readonly { readonly asOf: string }[];
}

const PULSE =
  '{ freshness(symbols: ["BTCUSDT"]) { watermark feedState } latestForecasts(symbols: ["BTCUSDT"], horizons: ["30m"]) { asOf } }';

async function expectLive(local: LocalSystem, app: App): Promise<void> {
  const page = await fetch(local.urls.web, { signal: AbortSignal.timeout(2_000) });
  if (!page.ok) throw new Error(`the page answered ${page.status}`);
  if (app === 'web' || app === 'gateway') {
    await request(local.urls.graphql, PULSE);
    return;
  }
  const read = async () => {
    const { freshness, latestForecasts } = await request<Pulse>(local.urls.graphql, PULSE);
    return { feedState: freshness[0]?.feedState, candle: freshness[0]?.watermark ?? '', forecast: latestForecasts[0]?.asOf ?? '' };
  };
  const kind = app === 'ingest' ? 'candle' : 'forecast';
  const before = await read();
  const deadline = performance.now() + 5_000;
  let after = before;
  while (after[kind] <= before[kind] && performance.now() < deadline) after = await read();
  if (after[kind] <= before[kind]) throw new Error(`no newer ${kind} than ${before[kind]}`);
  if (after.feedState !== 'LIVE') throw new Error(`the feed is ${after.feedState}`);
}

function mapValues<K extends string, V, W>(record: Readonly<Record<K, V>>, map: (value: V) => W): Record<K, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value as V)])) as Record<K, W>;
}
