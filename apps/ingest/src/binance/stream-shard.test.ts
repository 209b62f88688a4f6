import { systemClock } from '@candlecast/domain';
import { type ExchangeSim, startExchangeSim } from '@candlecast/exchange-sim';
import { createLogger } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import Bottleneck from 'bottleneck';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CandleFrame } from './parse-frame.ts';
import { streamsOf } from './stream-names.ts';
import { StreamShard } from './stream-shard.ts';

let sim: ExchangeSim;
let stop: AbortController;
let running: Promise<void> | undefined;

beforeEach(async () => {
  stop = new AbortController();
  const source = { kind: 'simulated', seed: 3, symbols: ['BTCUSDT'], pairCount: 125 } as const;
  sim = await startExchangeSim({ source, wallClock: systemClock, speed: 300 });
});

afterEach(async () => {
  stop.abort();
  await running;
  await sim.close();
});

const PATIENCE = { timeoutMs: 60_000, intervalMs: 50 };

/** Runs a shard and writes down what it tells. */
function runShard(symbols: readonly string[], lifeMs = 3_600_000) {
  const told: string[] = [];
  const closed: CandleFrame[] = [];
  const shard = new StreamShard({
    url: `${sim.wsUrl}/stream`,
    names: symbols.flatMap(streamsOf).map(({ name }) => name),
    connectGate: new Bottleneck(),
    lifeMs: () => lifeMs,
    onData: (frame) => {
      if (frame.kind === 'candle' && frame.isClosed) closed.push(frame);
    },
    onRefused: (reason) => told.push(`refused ${reason}`),
    onState: (isUp) => told.push(isUp ? 'up' : 'down'),
    onReconnect: (kind) => told.push(kind),
    log: createLogger('test', 'silent'),
    signal: stop.signal,
  });
  running = shard.run();
  return { shard, told, closed };
}

/** How many links are open at the simulator, and how many streams are listened to. */
async function countAtSim(): Promise<{ links: number; streams: number }> {
  return (await (await fetch(`${sim.restUrl}/admin/status`)).json()) as { links: number; streams: number };
}

describe('StreamShard', () => {
  it('subscribes more streams than fit in one message, and is up when the exchange lists them all', async () => {
    const listed = (await (await fetch(`${sim.restUrl}/api/v3/exchangeInfo`)).json()) as { symbols: { symbol: string }[] };
    const { told } = runShard(listed.symbols.map(({ symbol }) => symbol));
    await eventually(() => expect(told).toEqual(['up']), PATIENCE);
    expect(await countAtSim()).toMatchObject({ links: 1, streams: 250 });
  });

  it('replaces its link when its time is over, without a close lost in between', async () => {
    const { told, closed } = runShard(['BTCUSDT'], 700);
    await eventually(() => expect(told.filter((kind) => kind === 'renewal').length).toBeGreaterThanOrEqual(3), PATIENCE);
    expect(told).not.toContain('down');
    const times = [...new Set(closed.map(({ candle }) => candle.openTime))].sort((a, b) => a - b);
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual(times.map((_, index) => index * 60_000));
    await eventually(async () => expect((await countAtSim()).links).toBeLessThanOrEqual(2), PATIENCE);
  });

  it('says that it is down as often as it is, and comes back each time', async () => {
    const { told } = runShard(['BTCUSDT']);
    for (const round of [1, 2]) {
      await eventually(() => expect(told.filter((kind) => kind === 'up')).toHaveLength(round), PATIENCE);
      sim.inject({ kind: 'dropLinks', how: 'rst' });
    }
    await eventually(() => expect(told).toEqual(['up', 'down', 'drop', 'up', 'down', 'drop', 'up']), PATIENCE);
  });

  it('waits for an exchange that is not there', async () => {
    const { port } = sim;
    await sim.close();
    const { told } = runShard(['BTCUSDT']);
    sim = await startExchangeSim({ source: { kind: 'simulated', seed: 3 }, wallClock: systemClock, port });
    await eventually(() => expect(told).toEqual(['up']), PATIENCE);
  });

  it('ends while it waits', async () => {
    await sim.close();
    runShard(['BTCUSDT']);
    stop.abort();
    await running;
    sim = await startExchangeSim({ source: { kind: 'simulated', seed: 3 }, wallClock: systemClock });
  });
});
