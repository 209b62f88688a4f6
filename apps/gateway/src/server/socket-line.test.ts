import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { eventually } from '@candlecast/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createTurnEnd, SocketLine } from './socket-line.ts';
import { toBytes } from './text-frame.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A real socket: its server's line, and what its client received. */
async function connect(): Promise<{ line: SocketLine; client: WebSocket; received: string[] }> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const opened = new Promise<SocketLine>((resolve) => {
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) =>
      sockets.handleUpgrade(request, stream, head, (socket) => resolve(new SocketLine(socket, stream, createTurnEnd()))),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const received: string[] = [];
  client.on('message', (data) => received.push(String(data)));
  closing.push(async () => {
    client.terminate();
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    await once(server, 'close');
  });
  return { line: await opened, client, received };
}

describe('a socket line', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('sends shared messages of %i bytes as any peer reads them', async (bytes) => {
    const { line, received } = await connect();
    line.push('', 'x'.repeat(bytes));
    line.push(toBytes('é'.repeat(3)), toBytes('ü€'.repeat(bytes)));
    await eventually(() => expect(received.map((text) => text.length)).toEqual([bytes, 2 * bytes + 3]));
    expect(received[1]).toBe('é'.repeat(3) + 'ü€'.repeat(bytes));
  });

  it('keeps the order of shared messages and its own', async () => {
    const { line, received } = await connect();
    const sent: string[] = [];
    for (let index = 0; index < 500; index++) {
      if (index % 7 === 0) void line.send(`own ${index}`);
      else line.push('shared ', `${index}`);
      sent.push(index % 7 === 0 ? `own ${index}` : `shared ${index}`);
    }
    await eventually(() => expect(received).toEqual(sent));
  });

  it('sends what was given before it closes, and nothing after', async () => {
    const { line, client, received } = await connect();
    line.push('', 'last');
    line.close(4290, 'after=x');
    line.push('', 'too late');
    await line.send('too late');
    const [code, reason] = await once(client, 'close');
    expect([code, String(reason), received]).toEqual([4290, 'after=x', ['last']]);
  });

  it('tells how much a client has not taken, and when it has', async () => {
    const { line, client, received } = await connect();
    let drained = 0;
    line.whenDrained(() => drained++); // nothing is unsent: at the end of the turn
    await eventually(() => expect(drained).toBe(1));
    client.pause();
    let count = 0;
    await eventually(
      () => {
        for (let more = 0; more < 100; more++) line.push('', `${count++}`.padEnd(10_000));
        expect(line.unsentBytes()).toBeGreaterThan(256 * 1024);
      },
      { intervalMs: 1 },
    );
    line.whenDrained(() => drained++);
    client.resume();
    await eventually(() => expect(received).toHaveLength(count));
    expect(received.map((text) => text.trimEnd())).toEqual([...Array(count).keys()].map(String));
    await eventually(() => expect([line.unsentBytes(), drained]).toEqual([0, 2]));
  });
});
