import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: { msg: string; port?: number; error?: string }[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().trim().split('\n')) lines.push(JSON.parse(line));
  });
  return { child, lines };
}

describe('the simulator’s process', () => {
  it('serves health on loopback, logs JSON lines and stops on SIGTERM', async () => {
    const { child, lines } = start({ CANDLECAST_SIM_PORT: '0', CANDLECAST_INSTRUMENTS: 'BTCUSDT,WIFUSDT', CANDLECAST_CLOCK_SPEED: '60' });
    const port = await eventually(
      () => {
        const line = lines.find(({ msg }) => msg === 'exchange simulator listens');
        expect(line?.port).toBeGreaterThan(0);
        return line?.port;
      },
      { timeoutMs: 20_000 },
    );
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const price = await fetch(`http://127.0.0.1:${port}/api/v3/ticker/price?symbol=WIFUSDT`);
    expect(price.status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.each([
    [{ NODE_ENV: 'production' }, 'production'],
    [{ CANDLECAST_SOURCE: 'replay', CANDLECAST_REPLAY_DIR: '/nowhere' }, 'folder "/nowhere" with the recording cannot be read'],
  ])('says in one sentence why it cannot start: %o', async (env, sentence) => {
    const { child, lines } = start({ CANDLECAST_SIM_PORT: '0', ...env });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(lines.at(-1)?.error).toContain(sentence);
  });
});
