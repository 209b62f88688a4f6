import { systemClock } from '@candlecast/domain';
import { type ExchangeSim, startExchangeSim } from '@candlecast/exchange-sim';
import { createLogger } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinkGates } from './link-gates.ts';
import type { CandleFrame } from './parse-frame.ts';
import { streamsOf } from './stream-names.ts';
import { StreamShard } from './stream-shard.ts';
import { startScriptedExchange } from './testing/scripted-exchange.ts';

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

function namesOf(symbols: readonly string[]): string[] {
  return symbols.flatMap((symbol) => streamsOf(symbol)).map(({ name }) => name);
}

/** Runs a shard and writes down what it tells. */
function runShard(symbols: readonly string[], { lifeMs = 3_600_000, verifyMs = 3_600_000, url = `${sim.wsUrl}/stream` } = {}) {
  const told: string[] = [];
  const up: string[][] = [];
  const closed: CandleFrame[] = [];
  const shard = new StreamShard({
    url,
    gates: createLinkGates({ log: createLogger('test', 'silent') }),
    lifeMs: () => lifeMs,
    verifyEveryMs: () => verifyMs,
    onData: (frame) => {
      if (frame.kind === 'candle' && frame.isClosed) closed.push(frame);
    },
    onRefused: (reason) => told.push(`refused ${reason}`),
    onUp(names) {
      told.push('up');
      up.push([...names]);
    },
    onDown: () => told.push('down'),
    onReconnect: (kind) => told.push(kind),
    onForgotten: (count) => told.push(`forgotten ${count}`),
    log: createLogger('test', 'silent'),
    signal: stop.signal,
  });
  shard.want(namesOf(symbols));
  running = shard.run();
  return { shard, told, closed, up };
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
    expect(await countAtSim()).toMatchObject({ links: 1, streams: 125 * streamsOf('').length });
  });

  it('replaces its link when its time is over, without a close lost in between', async () => {
    const { told, closed } = runShard(['BTCUSDT'], { lifeMs: 700 });
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

  it('takes streams in and gives them up on the link that runs', async () => {
    const { shard, told, up } = runShard(['BTCUSDT']);
    await eventually(() => expect(told).toEqual(['up']), PATIENCE);
    shard.want(namesOf(['ETHUSDT', 'BNBUSDT']));
    await eventually(() => expect(up).toEqual([namesOf(['BTCUSDT']), namesOf(['ETHUSDT', 'BNBUSDT'])]), PATIENCE);
    shard.unwant(namesOf(['BTCUSDT', 'BNBUSDT']));
    await eventually(async () => expect(await countAtSim()).toMatchObject({ links: 1, streams: streamsOf('ETHUSDT').length }), PATIENCE);
    expect(told).toEqual(['up', 'up']);
    sim.inject({ kind: 'dropLinks', how: 'fin' });
    await eventually(() => expect(up.at(-1)).toEqual(namesOf(['ETHUSDT'])), PATIENCE);
  });

  it('answers an announced shutdown with a new link before the old one is gone', async () => {
    const { told } = runShard(['BTCUSDT']);
    await eventually(() => expect(told).toEqual(['up']), PATIENCE);
    sim.inject({ kind: 'serverShutdown', noticeMs: 20_000 });
    await eventually(() => expect(told).toEqual(['up', 'renewal']), PATIENCE);
  });

  it('subscribes again what the exchange has forgotten', async () => {
    const exchange = await startScriptedExchange();
    const { told } = runShard(['BTCUSDT'], { verifyMs: 300, url: exchange.wsUrl });
    await eventually(() => expect(told).toEqual(['up']), PATIENCE);
    exchange.forget('btcusdt@kline_1m');
    await eventually(() => expect(told).toEqual(['up', 'forgotten 1']), PATIENCE);
    expect(exchange.subscribed()).toEqual(namesOf(['BTCUSDT']).sort());
    expect(exchange.connections()).toBe(1);
    stop.abort();
    await running;
    await exchange.close();
  });

  it('keeps to the frames that may be sent in a second while it is flooded with PINGs, and answers the newest', async () => {
    const exchange = await startScriptedExchange();
    const { shard, told } = runShard(['BTCUSDT'], { url: exchange.wsUrl });
    await eventually(() => expect(told).toEqual(['up']), PATIENCE);
    for (let ping = 1; ping <= 50; ping += 1) exchange.ping(String(ping));
    for (const symbol of ['ETHUSDT', 'BNBUSDT', 'SOLUSDT']) shard.want(namesOf([symbol]));
    await eventually(() => expect(exchange.received().at(-1)?.text).toContain('LIST_SUBSCRIPTIONS'), PATIENCE);
    await eventually(() => expect(exchange.received().map(({ text }) => text)).toContain('pong 50'), PATIENCE);
    const times = exchange.received().map(({ atMs }) => atMs);
    for (const [index, atMs] of times.entries())
      expect(times.filter((other) => other >= atMs && other < atMs + 900).length, String(index)).toBeLessThan(6);
    stop.abort();
    await running;
    await exchange.close();
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
