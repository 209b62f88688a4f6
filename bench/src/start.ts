// `npm run bench:start`: how long the product takes from an empty data folder to live charts and to its first LSTM, from a stop to
// live again, and from kill -9 of each app to live again. Build first (`npm run build`): the build is not measured.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSystem, readLocalSettings, startLocal } from '@candlecast/local';
import { eventually } from '@candlecast/testkit';
import { type Pulse, readPulse } from './pulse.ts';

/** Seconds that a measurement may take at most: 1.4 times the goal. */
const FLOORS = { 'first start': 1.4 * 180, 'first LSTM': 1.4 * 300, 'second start': 1.4 * 30, 'after kill -9': 1.4 * 10 } as const;

const APPS = ['ingest', 'gateway', 'forecaster', 'web'] as const;
let isMissed = false;

const folder = mkdtempSync(join(tmpdir(), 'candlecast-bench-'));
// As root the database runs as another user, who must be able to pass through.
chmodSync(folder, 0o711);
try {
  const startedAt = performance.now();
  const first = await start();
  report('first start', 'empty data folder to live charts', startedAt);
  await eventually(async () => assert.equal((await pulse(first)).forecast?.kind, 'LSTM'), { timeoutMs: 600_000 });
  report('first LSTM', 'empty data folder to the first LSTM forecast', startedAt);
  for (const app of APPS) await killAndWait(first, app);
  await first.stop();

  const restartedAt = performance.now();
  const second = await start();
  report('second start', 'the same folder to live charts', restartedAt);
  await second.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(isMissed ? 1 : 0);

/** Kills an app and waits until it has a new process, the page answers and the app's own work has gone on. */
async function killAndWait(system: LocalSystem, app: (typeof APPS)[number]): Promise<void> {
  const before = await pulse(system);
  const pid = system.pids()[app];
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  await eventually(
    async () => {
      assert.ok(system.pids()[app] !== pid, `${app} has no new process`);
      const now = await pulse(system);
      assert.ok(now.feedState === 'LIVE', `the feed is ${now.feedState}`);
      if (app === 'ingest') assert.ok(now.lastEventAt > before.lastEventAt, 'no newer data');
      if (app === 'forecaster') assert.ok(await isServing(system), 'the forecaster does not serve');
    },
    { timeoutMs: 120_000 },
  );
  report('after kill -9', app, killedAt);
}

async function isServing(system: LocalSystem): Promise<boolean> {
  const status = (await (await fetch(`${system.urls.forecaster}/status`)).json()) as { phase: string };
  return status.phase === 'serving';
}

async function pulse(system: LocalSystem): Promise<Pulse> {
  const page = await fetch(system.urls.web);
  assert.ok(page.ok, `the page answered ${page.status}`);
  return await readPulse(system.urls.graphql, 'BTCUSDT');
}

async function start(): Promise<LocalSystem> {
  const ports = ['WEB', 'GATEWAY', 'INGEST', 'FORECASTER', 'SIM', 'POSTGRES'].map((name) => [`CANDLECAST_${name}_PORT`, '0']);
  const settings = readLocalSettings({
    CANDLECAST_SOURCE: 'simulated',
    CANDLECAST_DATA_DIR: join(folder, 'data'),
    ...Object.fromEntries(ports),
  });
  if (!settings.ok) throw settings.error;
  return await startLocal(settings.value);
}

function report(measure: keyof typeof FLOORS, what: string, sinceMs: number): void {
  const seconds = (performance.now() - sinceMs) / 1000;
  const isWithin = seconds <= FLOORS[measure];
  isMissed ||= !isWithin;
  console.log(
    `${measure.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s  floor ${FLOORS[measure].toFixed(0)} s  ${isWithin ? 'ok' : 'MISSED'}  ${what}`,
  );
}
