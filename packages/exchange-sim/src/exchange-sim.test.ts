import type { EpochMs } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from './exchange-sim.ts';

const clock = new FakeClock(Date.UTC(2026, 10, 20));
const source = { kind: 'simulated', symbols: ['BTCUSDT'], pairCount: 1 } as const;
const running: ExchangeSim[] = [];
afterEach(async () => {
  for (const sim of running.splice(0)) await sim.close();
});

async function start(options: Partial<Parameters<typeof startExchangeSim>[0]> = {}): Promise<ExchangeSim> {
  const sim = await startExchangeSim({ source, wallClock: clock, ...options });
  running.push(sim);
  return sim;
}

describe('startExchangeSim', () => {
  it('runs the venue’s time at its speed from its anchor, also after a restart', async () => {
    const anchor = { anchorWallTime: clock.now(), anchorTime: Date.UTC(2024, 0, 1) as EpochMs, speed: 60 };
    const first = await start(anchor);
    clock.advance(1_000);
    expect(first.now()).toBe(Date.UTC(2024, 0, 1, 0, 1));
    await first.close();
    clock.advance(1_000);
    expect((await start(anchor)).now()).toBe(Date.UTC(2024, 0, 1, 0, 2));
  });

  it('has the time of this machine without an anchor', async () => {
    expect((await start()).now()).toBe(clock.now());
  });

  it('says which port is taken and which speed is wrong', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toMatchObject({ code: 'port_unavailable', message: expect.stringContaining(String(port)) });
    await expect(start({ speed: 0.5 })).rejects.toMatchObject({ code: 'clock_speed_invalid' });
    await expect(start({ source: { kind: 'simulated', pairCount: 1_601 } })).rejects.toMatchObject({ code: 'pair_count_invalid' });
  });

  it('lists 1,600 pairs, the wanted ones first', async () => {
    const sim = await start({ source: { kind: 'simulated', symbols: ['WIFUSDT', 'NOQUOTE'], pairCount: 1_600 } });
    const info = await (await fetch(`${sim.restUrl}/api/v3/exchangeInfo`)).json();
    const symbols = (info as { symbols: { symbol: string; status: string }[] }).symbols;
    expect(new Set(symbols.map(({ symbol }) => symbol)).size).toBe(1_600);
    expect(symbols.slice(0, 2).map(({ symbol }) => symbol)).toEqual(['WIFUSDT', 'BTCUSDT']);
    expect(symbols.every(({ status }) => status === 'TRADING')).toBe(true);
  });

  it('refuses what it does not know', async () => {
    const sim = await start();
    const range = { from: clock.now(), to: clock.now() };
    await expect(sim.truth('NOPEUSDT', '1m', range)).rejects.toMatchObject({ code: 'symbol_unknown' });
    for (const path of ['/', '/admin/nothing', '/api/v3/order']) expect((await fetch(sim.restUrl + path)).status).toBe(404);
    for (const query of ['', '?symbol=BTCUSDT', '?symbol=BTCUSDT&from=1&to=x', '?symbol=BTCUSDT&interval=7m&from=1&to=2']) {
      expect((await fetch(`${sim.restUrl}/admin/truth${query}`)).status).toBe(400);
    }
    expect((await fetch(`${sim.restUrl}/api/v3/ping`, { method: 'POST' })).status).toBe(405);
  });
});
