import { findFreePort } from '@candlecast/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { CandleStreamEvent } from './candle-stream.ts';
import { type CandlecastClient, type CandleStreamOptions, createClient } from './index.ts';
import {
  closed,
  cursorOf,
  forever,
  heartbeat,
  refusal,
  reset,
  type Scene,
  type ScriptedGateway,
  snapshot,
  startScriptedGateway,
  update,
} from './testing/scripted-gateway.ts';

let gateway: ScriptedGateway;
let client: CandlecastClient;

afterEach(async () => {
  await client.close();
  await gateway.close();
});

async function start(...scenes: Scene[]): Promise<void> {
  gateway = await startScriptedGateway(scenes);
  client = createClient({ url: gateway.url, webSocketImpl: WebSocket });
}

/** Reads until `count` events have come, then leaves. */
async function read(count: number, options: Partial<CandleStreamOptions> = {}): Promise<CandleStreamEvent[]> {
  const events: CandleStreamEvent[] = [];
  for await (const event of client.candles.stream({ symbols: ['BTCUSDT'], interval: '1m', ...options })) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

const brief = (events: readonly CandleStreamEvent[]) =>
  events.map((event) =>
    'candle' in event ? `${event.kind} ${event.candle.openTime}` : event.kind === 'recovered' ? `recovered ${event.events}` : event.kind,
  );

describe('candles.stream', () => {
  it.each([1006, 1012, 4290])(
    'goes on after the last durable event when the socket ends with %i, and says what it recovered',
    async (code) => {
      await start(
        async function* (_, socket) {
          yield snapshot(5);
          yield heartbeat(5);
          yield closed(6);
          yield update(7);
          if (code === 1006) socket.terminate();
          else socket.close(code, `after=${cursorOf(6)}`);
          await forever(socket);
        },
        async function* (_, socket) {
          yield closed(6); // a repeat
          yield closed(7);
          yield closed(8);
          yield heartbeat(8);
          yield update(9);
          await forever(socket);
        },
      );
      const events = await read(9, { snapshot: 1 });
      expect(brief(events)).toEqual([
        'snapshot',
        'heartbeat',
        'closed 6',
        'update 7',
        'closed 7',
        'closed 8',
        'recovered 2',
        'heartbeat',
        'update 9',
      ]);
      expect(gateway.asked).toEqual([
        { symbols: ['BTCUSDT'], interval: '1m', snapshot: 1 },
        { symbols: ['BTCUSDT'], interval: '1m', snapshot: 0, after: cursorOf(6) },
      ]);
      expect(events.find((event) => event.kind === 'recovered')?.sinceMs).toBeGreaterThanOrEqual(0);
    },
  );

  it('asks for its snapshots again when it was cut before the last of them', async () => {
    await start(
      async function* (_, socket) {
        yield snapshot(5);
        socket.terminate();
        await forever(socket);
      },
      async function* (_, socket) {
        yield snapshot(6);
        yield heartbeat(6);
        await forever(socket);
      },
    );
    expect(brief(await read(3, { snapshot: 1 }))).toEqual(['snapshot', 'snapshot', 'heartbeat']);
    expect(gateway.asked.map(({ snapshot: count, after }) => [count, after])).toEqual([
      [1, undefined],
      [1, undefined],
    ]);
  });

  it.each(['CURSOR_EXPIRED', 'CURSOR_EPOCH_MISMATCH'])('starts anew, and says so, when the gateway answers %s', async (code) => {
    await start(
      () => {
        throw refusal(code);
      },
      async function* (_, socket) {
        yield snapshot(1);
        yield heartbeat(1);
        await forever(socket);
      },
    );
    const events = await read(3, { after: cursorOf(9) });
    expect(events[0]).toEqual({ kind: 'reset', code });
    expect(gateway.asked.map(({ after }) => after)).toEqual([cursorOf(9), undefined]);
  });

  it('starts anew when the log does', async () => {
    await start(
      async function* () {
        yield snapshot(1);
        yield heartbeat(1);
        yield reset();
      },
      async function* (_, socket) {
        yield snapshot(2);
        await forever(socket);
      },
    );
    expect(brief(await read(4, { snapshot: 1 }))).toEqual(['snapshot', 'heartbeat', 'reset', 'snapshot']);
    expect(gateway.asked[1]).toMatchObject({ snapshot: 1 });
  });

  it('tries again when the gateway says that this may help, and throws when it does not', async () => {
    await start(
      () => {
        throw refusal('UPSTREAM_STALE', true);
      },
      () => {
        throw refusal('SYMBOL_NOT_FOUND');
      },
    );
    await expect(read(1)).rejects.toMatchObject({ code: 'SYMBOL_NOT_FOUND', retryable: false, requestId: 'r-1' });
    expect(gateway.asked).toHaveLength(2);
  });

  it('throws when the gateway closes the socket for good', async () => {
    await start(async function* (_, socket) {
      yield heartbeat(1);
      socket.close(4429, 'Too many');
      await forever(socket);
    });
    await expect(read(2)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryable: false });
  });

  it('connects again when the credentials of a socket that worked have run out', async () => {
    await start(
      async function* (_, socket) {
        yield heartbeat(1);
        socket.close(4403, 'Forbidden');
        await forever(socket);
      },
      async function* (_, socket) {
        yield closed(2);
        await forever(socket);
      },
    );
    expect((await read(2)).map(({ kind }) => kind)).toEqual(['heartbeat', 'closed']);
  });

  it('waits for a gateway that is not there yet', async () => {
    const scene: Scene = async function* (_, socket) {
      yield heartbeat(1);
      await forever(socket);
    };
    const port = await findFreePort();
    client = createClient({ url: `http://127.0.0.1:${port}/graphql`, webSocketImpl: WebSocket });
    const statuses: string[] = [];
    client.onStatus((status) => statuses.push(status));
    const reading = read(1);
    await fetch(`http://127.0.0.1:${port}`).catch(() => undefined); // nobody there
    gateway = await startScriptedGateway([scene], port);
    expect(brief(await reading)).toEqual(['heartbeat']);
    expect(statuses).toEqual(['connecting', 'connected']);
  });

  it('closes without a complaint while it waits', async () => {
    await start(() => {
      throw refusal('UPSTREAM_STALE', true);
    });
    const lost = createClient({ url: `http://127.0.0.1:${await findFreePort()}/graphql`, webSocketImpl: WebSocket });
    const stopping = new AbortController();
    const first = lost.candles.stream({ symbols: ['BTCUSDT'], interval: '1m', signal: stopping.signal }).next();
    await lost.close();
    stopping.abort();
    expect(await first).toEqual({ done: true, value: undefined });
  });

  it('reports the state of the socket', async () => {
    await start(
      async function* (_, socket) {
        yield heartbeat(1);
        socket.terminate();
        await forever(socket);
      },
      async function* (_, socket) {
        yield heartbeat(2);
        await forever(socket);
      },
    );
    const statuses: string[] = [];
    const stop = client.onStatus((status) => statuses.push(status));
    await read(3);
    expect(statuses).toEqual(['connecting', 'connected', 'reconnecting', 'connected']);
    stop();
  });

  it('ends at once when its reader leaves, though nothing comes', async () => {
    let left: Promise<void> | undefined;
    await start(async function* (_, socket) {
      left = forever(socket);
      yield heartbeat(1);
      await left;
    });
    const stream = client.candles.stream({ symbols: ['BTCUSDT'], interval: '1m' });
    await stream.next();
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await left; // the idle socket is closed
  });
});
