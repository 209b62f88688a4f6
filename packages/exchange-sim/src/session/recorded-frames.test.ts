import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { eventually, FakeClock, hasTestData, testDataDir } from '@candlecast/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type ExchangeSim, startExchangeSim } from '../exchange-sim.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 120_000 });

const folder = join(testDataDir(), 'ws');
const reason = hasTestData() ? '' : ' (skipped: TEST_DATA_DIR is not there)';
const clock = new FakeClock(Date.UTC(2026, 10, 20));
const SPOT = 'binance-spot-20210404-btc-eth-dot';
const PATIENCE = { timeoutMs: 60_000, intervalMs: 60 };
let sim: ExchangeSim;
const sockets: WebSocket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await sim.close();
});

/** The frames of a file as they stand in it, and what they were sent on. */
function readLines(file: string): { frame: string; stream: string; time: number }[] {
  const packed = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(packed) : packed).toString('latin1').trimEnd().split('\n');
  return lines.map((line) => {
    const frame = line.slice(line.indexOf('"frame":') + 8, line.lastIndexOf('}'));
    return {
      frame,
      stream: /"stream":"([^"]+)"/.exec(frame)?.[1] ?? '',
      time: Number.parseFloat(/"recv_ts":"([^"]+)"/.exec(line)?.[1] ?? '') * 1_000,
    };
  });
}

/** Starts the simulator on a session and listens; frames are kept as bytes. */
async function listen(file: string, path: string, speed = 1): Promise<string[]> {
  sim = await startExchangeSim({ source: { kind: 'recorded-frames', file }, wallClock: clock, speed, limits: { maxBufferedBytes: 1e9 } });
  return connect(path);
}

async function connect(path: string): Promise<string[]> {
  const socket = new WebSocket(sim.wsUrl + path);
  sockets.push(socket);
  const frames: string[] = [];
  socket.on('message', (data: Buffer) => frames.push(data.toString('latin1')));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return frames;
}

async function playToEnd(frames: readonly string[], wanted: number): Promise<void> {
  await eventually(() => {
    clock.advance(5_000);
    expect(frames.length).toBeGreaterThanOrEqual(wanted);
  }, PATIENCE);
}

describe.skipIf(!hasTestData())(`a recorded session${reason}`, () => {
  const files = hasTestData() ? readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz')) : [];

  it.each(files)('%s comes byte for byte and in its order', async (name) => {
    const lines = readLines(join(folder, name));
    const streams = [...new Set(lines.map(({ stream }) => stream))];
    const frames = await listen(join(folder, name), `/stream?streams=${streams.join('/')}`);
    await playToEnd(frames, lines.length);
    expect(frames.length).toBe(lines.length);
    expect(frames.findIndex((frame, index) => frame !== lines[index]?.frame)).toBe(-1);
  });

  it('sends what is listened to, without the wrapper on a raw link, and later listeners what comes then', async () => {
    const file = join(folder, `${SPOT}.jsonl.gz`);
    const wanted = readLines(file).filter(({ stream }) => stream === 'btcusdt@aggTrade');
    const raw = await listen(file, '/ws/btcusdt@aggTrade');
    await eventually(() => {
      clock.advance(1_000);
      expect(raw.length).toBeGreaterThan(100);
    }, PATIENCE);
    const late = await connect('/stream?streams=btcusdt@aggTrade');
    await playToEnd(raw, wanted.length);
    expect(raw).toEqual(wanted.map(({ frame }) => frame.slice(frame.indexOf('"data":') + 7, -1)));
    await eventually(() => expect(late).toEqual(wanted.slice(-late.length).map(({ frame }) => frame)), PATIENCE);
    expect(late.length).toBeGreaterThan(0);
    expect(late.length).toBeLessThan(wanted.length);
  });

  it('keeps the recorded pace times the speed', async () => {
    const file = join(folder, `${SPOT}.jsonl.gz`);
    const lines = readLines(file);
    const streams = [...new Set(lines.map(({ stream }) => stream))];
    const start = Math.floor(lines[0]?.time ?? 0);
    const frames = await listen(file, `/stream?streams=${streams.join('/')}`, 10);
    clock.advance(2_000);
    const due = lines.filter(({ time }) => time <= start + 20_000).length;
    await eventually(() => expect(frames.length).toBe(due), PATIENCE);
    expect(sim.now()).toBe(start + 20_000);
  });

  it('answers REST with the captured bytes, not before their moment', async () => {
    const frames = await listen(join(folder, `${SPOT}.jsonl.gz`), '/stream?streams=btcusdt@depth@100ms');
    const captured = gunzipSync(readFileSync(join(testDataDir(), 'rest', SPOT, 'depth-BTCUSDT.json.gz')));
    let isAnswered = false;
    const asked = fetch(`${sim.restUrl}/api/v3/depth?symbol=BTCUSDT&limit=1000`).then((response) => {
      isAnswered = true;
      return response;
    });
    clock.advance(1_000);
    await eventually(() => expect(frames.length).toBeGreaterThan(0), PATIENCE);
    expect(isAnswered).toBe(false);
    clock.advance(20);
    const response = await asked;
    expect(Buffer.from(await response.arrayBuffer()).equals(captured)).toBe(true);
    expect(response.headers.get('x-mbx-used-weight-1m')).toBe('50');
    expect((await fetch(`${sim.restUrl}/api/v3/depth?symbol=NOPEUSDT`)).status).toBe(400);
    expect((await fetch(`${sim.restUrl}/api/v3/klines?symbol=BTCUSDT&interval=1m`)).status).toBe(404);
  });

  it('leads from the captured snapshot over the recorded differences without a gap', async () => {
    const frames = await listen(join(folder, `${SPOT}.jsonl.gz`), '/stream?streams=ethusdt@depth@100ms');
    const asked = fetch(`${sim.restUrl}/api/v3/depth?symbol=ETHUSDT&limit=1000`);
    await playToEnd(frames, 100);
    const { lastUpdateId } = (await (await asked).json()) as { lastUpdateId: number };
    const changes = frames.map((frame) => (JSON.parse(frame) as { data: { U: number; u: number } }).data);
    const first = changes.findIndex(({ u }) => u > lastUpdateId);
    expect(changes[first]?.U).toBeLessThanOrEqual(lastUpdateId + 1);
  });

  it('takes faults as a market does', async () => {
    const frames = await listen(join(folder, 'binance-spot-20211012-4pairs.jsonl.gz'), '/stream?streams=nknusdt@depth@100ms');
    sim.inject({ kind: 'frames', how: 'truncate', count: 2 });
    await playToEnd(frames, 20);
    const broken = frames.filter((frame) => !frame.endsWith('}}'));
    expect(broken).toHaveLength(2);
  });
});

describe('a session', () => {
  it('that is none is refused with its line', async () => {
    sim = await startExchangeSim({ source: { kind: 'simulated', pairCount: 1 }, wallClock: clock });
    const dir = mkdtempSync(join(tmpdir(), 'session-'));
    const write = (text: string) => {
      writeFileSync(join(dir, 'a.jsonl'), text);
      return startExchangeSim({ source: { kind: 'recorded-frames', file: join(dir, 'a.jsonl') }, wallClock: clock });
    };
    const good = '{"recv_ts":"1617566591.326123","frame":{"stream":"a@trade","data":{"t":1}}}\n';
    await expect(write('')).rejects.toMatchObject({ code: 'session_unreadable' });
    await expect(write(`${good}{"recv_ts":"1617566591.3","frame":{"e":"trade"}}\n`)).rejects.toThrow('line 2');
    await expect(
      startExchangeSim({ source: { kind: 'recorded-frames', file: join(dir, 'none.jsonl') }, wallClock: clock }),
    ).rejects.toMatchObject({ code: 'session_unreadable' });
    rmSync(dir, { recursive: true });
  });
});
