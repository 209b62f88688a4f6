import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLocalSettings } from './config.ts';
import type { LocalEvent } from './local-event.ts';
import { startLocal } from './start-local.ts';

const START = fileURLToPath(new URL('../bin/start.mjs', import.meta.url));
const ANY_PORTS = Object.fromEntries(
  ['WEB', 'GATEWAY', 'INGEST', 'FORECASTER', 'SIM', 'POSTGRES'].map((name) => [`CANDLECAST_${name}_PORT`, '0']),
);

let folder: string;
let events: LocalEvent[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candlecast-local-'));
  chmodSync(folder, 0o711);
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('startLocal', () => {
  it('fails on a damaged data folder with a sentence that names it, and leaves the folder to the next start', async () => {
    mkdirSync(join(folder, 'postgres'));
    writeFileSync(join(folder, 'postgres', 'holiday.jpg'), '');
    await expect(start({})).rejects.toMatchObject({
      code: 'data_folder_damaged',
      message: expect.stringContaining(join(folder, 'postgres')),
    });
    expect(existsSync(join(folder, 'run', 'supervisor.json'))).toBe(false);
    expect(events.map((event) => ('step' in event ? `${event.type} ${event.step}` : event.type))).toEqual([
      'step-started Ports',
      'step-finished Ports',
      'step-started Database',
    ]);
  });

  it('refuses TimescaleDB beside a server that is not its own', async () => {
    const url = 'postgresql://me:secret@127.0.0.1:1/market';
    await expect(start({ DATABASE_URL: url }, { hasTimescale: true })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('--timescale'),
    });
  });

  it('names a database that does not answer, without its password', async () => {
    const failure = await start({ DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/market' }).catch((cause: unknown) => cause);
    expect(failure).toMatchObject({ code: 'database_unreachable', message: expect.stringContaining('127.0.0.1:1/market') });
    expect((failure as Error).message).not.toContain('secret');
  });

  it.each([
    [{ CANDLECAST_SOURCE: 'replay' }, 'CANDLECAST_REPLAY_DIR'],
    [{ CANDLECAST_SOURCE: 'replay', CANDLECAST_REPLAY_DIR: '/nowhere' }, '/nowhere'],
    [{ CANDLECAST_SOURCE: 'replay', CANDLECAST_REPLAY_DIR: '/tmp', CANDLECAST_REPLAY_FROM: 'noon' }, 'noon'],
  ])('refuses a replay that cannot be: %j', async (environment, part) => {
    await expect(start(environment)).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(part) });
  });

  it('ends a start that is called off, with the database stopped', async () => {
    const controller = new AbortController();
    const onEvent = (event: LocalEvent) => {
      events.push(event);
      if (event.type === 'step-finished' && event.step === 'Migrations') controller.abort();
    };
    await expect(start({ CANDLECAST_SOURCE: 'simulated' }, { signal: controller.signal, onEvent })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(existsSync(join(folder, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(existsSync(join(folder, 'postgres', 'postmaster.pid'))).toBe(false);
  });
});

describe('npm start', () => {
  it('says in one sentence which port is in use, and exits with 1', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { code, output } = await npmStart(START, { ...ANY_PORTS, CANDLECAST_DATA_DIR: folder, CANDLECAST_WEB_PORT: `${port}` });
    holder.close();
    expect(code).toBe(1);
    expect(output).toBe(`Port ${port} is in use by another program: set CANDLECAST_WEB_PORT to another port.\n`);
  });

  it('lists every wrong setting, and exits with 1', async () => {
    const { code, output } = await npmStart(START, { CANDLECAST_WEB_PORT: 'blue', CANDLECAST_TYPO: '1' });
    expect(code).toBe(1);
    expect(output).toContain('CANDLECAST_WEB_PORT');
    expect(output).toContain('CANDLECAST_TYPO');
  });

  it('refuses an option that it does not know', async () => {
    const { code, output } = await npmStart(START, {}, ['--timescaledb']);
    expect(code).toBe(1);
    expect(output).toContain('--timescale');
  });

  it('says when the packages are not installed', async () => {
    const copy = join(folder, 'packages', 'local', 'bin', 'start.mjs');
    cpSync(START, copy);
    expect(await npmStart(copy, {})).toEqual({ code: 1, output: 'The packages are not installed: run "npm ci" first.\n' });
  });

  it('says when Node is too old', async () => {
    const copy = join(folder, 'packages', 'local', 'bin', 'start.mjs');
    cpSync(START, copy);
    const pretend = join(folder, 'old.cjs');
    writeFileSync(pretend, `Object.defineProperty(process.versions, 'node', { value: '18.20.4' });`);
    expect(await npmStart(copy, { NODE_OPTIONS: `--require ${pretend}` })).toEqual({
      code: 1,
      output: 'Candlecast needs Node 20.19 or newer; this is Node 18.20.4.\n',
    });
  });
});

function start(environment: Record<string, string>, options: Parameters<typeof startLocal>[1] = {}): ReturnType<typeof startLocal> {
  const read = readLocalSettings({ ...ANY_PORTS, CANDLECAST_DATA_DIR: folder, ...environment });
  if (!read.ok) throw read.error;
  return startLocal(read.value, { onEvent: (event) => events.push(event), ...options });
}

function npmStart(
  script: string,
  environment: Record<string, string>,
  args: readonly string[] = [],
): Promise<{ code: number; output: string }> {
  const env = { PATH: process.env.PATH, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: `${stdout}${stderr}` });
    });
  });
}
