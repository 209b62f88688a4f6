import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProcessStart } from '@candlecast/postgres';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocalEvent } from './local-event.ts';
import { type SupervisedApp, superviseApp } from './supervise-app.ts';

const FOREVER = 'setInterval(() => {}, 1000);';
const SECOND_MS = { timeout: 10_000, interval: 20 };

let folder: string;
let app: SupervisedApp;
let events: LocalEvent[];
let force: AbortController;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candlecast-supervise-'));
  events = [];
  force = new AbortController();
});
afterEach(async () => {
  await app.stop(100);
  rmSync(folder, { recursive: true });
});

describe('superviseApp', () => {
  it('starts an app that was killed again, and says so', async () => {
    supervise(FOREVER);
    const first = app.pid();
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => expect(app.pid()).not.toBe(first), SECOND_MS);
    expect(events).toEqual([
      { type: 'app-ended', app: 'ingest', code: null, signal: 'SIGKILL', restartMs: 250 },
      { type: 'app-restarted', app: 'ingest', pid: app.pid() },
    ]);
    expect(runFile()).toMatchObject({ name: 'ingest', pid: app.pid(), start: findProcessStart(app.pid()) });
  });

  it('waits longer each time an app ends at once', async () => {
    supervise('process.exit(3);');
    await vi.waitFor(() => expect(app.failures()).toBe(3), SECOND_MS);
    const ends = events.filter((event) => event.type === 'app-ended');
    expect(ends.map(({ code, restartMs }) => [code, restartMs])).toEqual([
      [3, 250],
      [3, 500],
      [3, 1_000],
    ]);
  });

  it('gives a restarted app the settings of that moment', async () => {
    const answers = ['1', '2'];
    supervise(`console.log(process.env.ANSWER);${FOREVER}`, () => ({ ANSWER: answers.shift() ?? '' }));
    await vi.waitFor(() => expect(log()).toBe('1\n'), SECOND_MS);
    process.kill(app.pid(), 'SIGKILL');
    await vi.waitFor(() => expect(log()).toBe('1\n2\n'), SECOND_MS);
  });

  it('asks an app to end, and does not start it again', async () => {
    supervise(`process.on('SIGTERM', () => { console.log('closing'); process.exit(0); });console.log('up');${FOREVER}`);
    await vi.waitFor(() => expect(log()).toBe('up\n'), SECOND_MS);
    await app.stop();
    expect(log()).toBe('up\nclosing\n');
    expect(findProcessStart(app.pid())).toBeUndefined();
    expect(events).toEqual([]);
  });

  it('kills an app that does not end when asked', async () => {
    supervise(`process.on('SIGTERM', () => {});console.log('up');${FOREVER}`);
    await vi.waitFor(() => expect(log()).toBe('up\n'), SECOND_MS);
    await app.stop(50);
    expect(findProcessStart(app.pid())).toBeUndefined();
  });

  it('does not wait for an app when forced', async () => {
    supervise(`process.on('SIGTERM', () => {});console.log('up');${FOREVER}`);
    await vi.waitFor(() => expect(log()).toBe('up\n'), SECOND_MS);
    const stopped = app.stop(60_000);
    force.abort();
    await stopped;
    expect(findProcessStart(app.pid())).toBeUndefined();
  });

  it('leaves nothing of what an app had started when that ends', async () => {
    supervise(
      `const child = require('node:child_process').spawn(process.execPath, ['-e', '${FOREVER}'], { stdio: 'ignore' });console.log(child.pid);${FOREVER}`,
    );
    await vi.waitFor(() => expect(log()).toMatch(/^\d+\n$/), SECOND_MS);
    const grandchild = Number.parseInt(log(), 10);
    expect(findProcessStart(grandchild)).toBeDefined();
    await app.stop();
    await vi.waitFor(() => expect(findProcessStart(grandchild)).toBeUndefined(), SECOND_MS);
  });

  it('stops one that waits for its restart without another start', async () => {
    supervise('process.exit(1);');
    await vi.waitFor(() => expect(app.failures()).toBe(4), SECOND_MS);
    await app.stop();
    expect(app.failures()).toBe(4);
  });
});

function supervise(code: string, environment: () => Record<string, string> = () => ({})): void {
  app = superviseApp({
    name: 'ingest',
    command: [process.execPath, '-e', code],
    cwd: folder,
    environment,
    logFile: join(folder, 'logs', 'ingest.log'),
    runDir: join(folder, 'run'),
    onEvent: (event) => events.push(event),
    force: force.signal,
  });
}

function log(): string {
  return readFileSync(join(folder, 'logs', 'ingest.log'), 'utf8');
}

function runFile(): unknown {
  return JSON.parse(readFileSync(join(folder, 'run', 'ingest.json'), 'utf8'));
}
