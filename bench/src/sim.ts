// `npm run bench:sim`: what the exchange simulator costs at the exchange's real cadence: 1,600 pairs, each with a 1m kline every two
// seconds, the top of the book as it changes, and aggregate trades. Goal: less than one core.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CountingClient } from './sim/counting-client.ts';

const PAIRS = 1_600;
const KINDS = ['kline_1m', 'bookTicker', 'aggTrade'];
const STREAMS_PER_LINK = 300;
const WARM_UP_MS = 10_000;
const MEASURED_MS = 30_000;
const GOAL_CORES = 1;
const FLOOR_CORES = 1.4 * GOAL_CORES;

const child = fork(fileURLToPath(new URL('sim/serve.ts', import.meta.url)), [String(PAIRS)], {
  execArgv: ['--import', 'tsx', ...process.argv.slice(2)],
});
try {
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const response = await fetch(`http://127.0.0.1:${port}/api/v3/exchangeInfo`);
  const { symbols } = (await response.json()) as { symbols: { symbol: string }[] };
  const clients: CountingClient[] = [];
  for (const kind of KINDS) {
    for (let from = 0; from < symbols.length; from += STREAMS_PER_LINK) {
      const names = symbols.slice(from, from + STREAMS_PER_LINK).map(({ symbol }) => `${symbol.toLowerCase()}@${kind}`);
      clients.push(await CountingClient.open(port, `/stream?streams=${names.join('/')}`));
    }
  }
  await delay(WARM_UP_MS);
  const before = await measure(clients);
  await delay(MEASURED_MS);
  const after = await measure(clients);
  const seconds = (after.at - before.at) / 1_000;
  const cores = (after.cpuMs - before.cpuMs) / 1_000 / seconds;
  const frames = after.frames - before.frames;
  const row = {
    pairs: symbols.length,
    streams: symbols.length * KINDS.length,
    links: clients.length,
    seconds: round(seconds, 1),
    framesPerSecond: round(frames / seconds, 0),
    mbPerSecond: round((after.bytes - before.bytes) / seconds / 1e6, 2),
    cpuMicrosPerFrame: round(((after.cpuMs - before.cpuMs) * 1_000) / frames, 1),
    cores: round(cores, 2),
  };
  console.log(JSON.stringify(row));
  console.log(
    `${row.framesPerSecond} frames/s at ${row.cpuMicrosPerFrame} µs of CPU each: ${row.cores} cores (goal < ${GOAL_CORES}, floor ${FLOOR_CORES})`,
  );
  for (const client of clients) client.close();
  process.exitCode = cores < FLOOR_CORES ? 0 : 1;
} finally {
  child.disconnect();
}

async function measure(clients: readonly CountingClient[]): Promise<{ at: number; cpuMs: number; frames: number; bytes: number }> {
  child.send('cpu');
  const [usage] = (await once(child, 'message')) as [NodeJS.CpuUsage];
  const sum = (count: (client: CountingClient) => number) => clients.reduce((total, client) => total + count(client), 0);
  return {
    at: performance.now(),
    cpuMs: (usage.user + usage.system) / 1_000,
    frames: sum(({ frames }) => frames),
    bytes: sum(({ bytes }) => bytes),
  };
}

function round(value: number, places: number): number {
  return Math.round(value * 10 ** places) / 10 ** places;
}
