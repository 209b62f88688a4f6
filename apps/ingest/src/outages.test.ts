import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInstrumentReader } from '@candlecast/store';
import { eventually, findFreePort } from '@candlecast/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { layLine } from './testing/database-line.ts';
import { startWorld, type World } from './testing/world.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 240_000 });

let world: World | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

/** The ingest process itself, started as in production. */
async function startProcess({ sim, databaseUrl, symbols }: World, speed: number) {
  const port = await findFreePort();
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'main.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      CANDLECAST_SOURCE: 'simulated',
      CANDLECAST_CLOCK_SPEED: String(speed),
      CANDLECAST_BINANCE_REST_URL: sim.restUrl,
      CANDLECAST_BINANCE_WS_URL: sim.wsUrl,
      CANDLECAST_INSTRUMENTS: symbols.join(','),
      CANDLECAST_HISTORY_DAYS: '4',
      CANDLECAST_INGEST_PORT: String(port),
      CANDLECAST_LOG_LEVEL: 'error',
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    answer: async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).json() as Promise<{ ready: boolean; instruments: { rowsDone: number }[] }>,
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    async end(signal: 'SIGKILL' | 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

describe('the ingest process', () => {
  it('leaves no hole and no duplicate when it is killed in the middle of the history and while live', async () => {
    world = await startWorld({ historyDays: 4, speed: 60 });
    const { sim, expectTruth } = world;

    const first = await startProcess(world, 60);
    await eventually(
      async () => expect((await first.answer('/status')).instruments.some(({ rowsDone }) => rowsDone > 0)).toBe(true),
      PATIENCE,
    );
    await first.end('SIGKILL');

    const second = await startProcess(world, 60);
    await eventually(async () => expect(await second.answer('/ready')).toMatchObject({ ready: true }), PATIENCE);
    await eventually(async () => expect(await second.metrics()).toContain('ingest_committed_candles_total{path="live"}'), PATIENCE);
    await second.end('SIGKILL');

    const third = await startProcess(world, 60);
    await eventually(async () => expect(await third.answer('/ready')).toMatchObject({ ready: true }), PATIENCE);
    const readyAt = sim.now();
    await eventually(async () => {
      expect(sim.now() - readyAt).toBeGreaterThan(300_000);
      await expectTruth();
    }, PATIENCE);
    expect(await third.end('SIGTERM')).toBe(0);
  });
});

describe('ingest without its database', () => {
  it('waits for it at the start, loses nothing while it is away, and says so', async () => {
    world = await startWorld();
    const { sim, start, expectTruth, databaseUrl, database, symbols } = world;
    const line = await layLine(databaseUrl);
    await line.cut();
    const ingest = start({ databaseUrl: line.url });
    const databaseCheck = () => ingest.checks.find(({ name }) => name === 'database')?.check();
    await eventually(async () => expect((await ingest.metrics.databaseFailures.get()).values[0]?.value).toBeGreaterThan(1), PATIENCE);
    expect(databaseCheck()).toEqual({ ready: false, detail: 'the database does not answer' });
    await line.restore();
    await eventually(() => expect(ingest.status().feed).toBe('LIVE'), PATIENCE);
    expect(databaseCheck()).toEqual({ ready: true, detail: null });

    await line.cut();
    const cutAt = sim.now();
    await eventually(() => expect(sim.now() - cutAt).toBeGreaterThan(600_000), PATIENCE);
    expect(databaseCheck()).toMatchObject({ ready: false });
    await line.restore();
    await eventually(expectTruth, PATIENCE);
    await eventually(async () => {
      const stored = await createInstrumentReader(database).findInstruments('SIM');
      expect(stored.map(({ state }) => state)).toEqual(symbols.map(() => 'LIVE'));
    }, PATIENCE);
    await line.cut();
  });
});
