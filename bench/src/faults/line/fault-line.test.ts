import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultLine, layFaultLine } from './fault-line.ts';
import { atCommit, cutInside, halfOpen, latency, limitData, slicer, watchRequests } from './toxics.ts';

let server: Server;
let line: FaultLine;
/** What came to the server, and what it has to answer with. */
let heard: string;
let answer: Buffer;

beforeEach(async () => {
  heard = '';
  answer = Buffer.from('answer');
  server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        heard += chunk.toString('latin1');
        socket.write(answer);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  line = await layFaultLine(typeof address === 'object' && address ? address.port : 0);
});
afterEach(async () => {
  await line.close();
  await new Promise((resolve) => server.close(resolve));
});

/** Sends a text over a new connection and returns what comes back until `bytes` are there or the connection ends. */
async function say(text: string, bytes = answer.length): Promise<{ readonly reply: string; readonly end: 'open' | 'fin' | 'rst' }> {
  const socket = connect(line.port, '127.0.0.1');
  let reply = '';
  const ended = new Promise<'fin' | 'rst'>((resolve) => {
    socket.once('end', () => resolve('fin')).once('error', () => resolve('rst'));
  });
  const filled = new Promise<'open'>((resolve) => {
    socket.on('data', (chunk) => {
      reply += chunk.toString('latin1');
      if (reply.length >= bytes) resolve('open');
    });
  });
  socket.write(text);
  const end = await Promise.race([ended, filled]);
  socket.destroy();
  return { reply, end };
}

describe('a line', () => {
  it('carries both ways what is sent', async () => {
    answer = Buffer.alloc(300_000, 'x');
    const { reply } = await say('GET /a HTTP/1.1\r\n\r\n');
    expect(reply).toHaveLength(300_000);
    expect(heard).toContain('GET /a');
  });

  it('tells streams and requests apart and cuts one kind of them', async () => {
    const sockets = await Promise.all(
      ['GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n', 'GET /a HTTP/1.1\r\n\r\n'].map(async (text) => {
        const socket: Socket = connect(line.port, '127.0.0.1');
        socket.on('error', () => undefined).write(text);
        await once(socket, 'data');
        return socket;
      }),
    );
    const closed = new Promise((resolve) => sockets[0]?.once('close', resolve));
    expect(line.cut('rst', 'websocket')).toBe(1);
    await closed;
    expect(line.wires().map(({ kind }) => kind)).toEqual(['http']);
    sockets[1]?.destroy();
  });

  it('turns everybody away while it refuses', async () => {
    const refusal = line.refuse();
    expect((await say('hello')).end).toBe('rst');
    expect(refusal.hits).toBe(1);
    refusal.remove();
    expect((await say('hello')).reply).toBe('answer');
  });
});

describe('a fault on a line', () => {
  it.each(['fin', 'rst'] as const)('cuts inside a chunk, by %s, and counts it', async (how) => {
    answer = Buffer.alloc(100, 'x');
    const applied = line.apply(cutInside(how, 1, { direction: 'down' }));
    const { reply, end } = await say('hello');
    expect(end).toBe(how);
    if (how === 'fin') expect(reply).toHaveLength(50);
    expect(applied.hits).toBe(1);
    expect((await say('hello')).end).toBe('open');
  });

  it('cuts after so many bytes', async () => {
    line.apply(limitData(4, 'fin', { direction: 'down' }));
    expect(await say('hello')).toEqual({ reply: 'answ', end: 'fin' });
  });

  it('slices and delays without losing anything', async () => {
    answer = Buffer.from('0123456789'.repeat(20));
    const sliced = line.apply(slicer(7, 1));
    const late = line.apply(latency(5));
    expect((await say('hello')).reply).toBe(answer.toString());
    expect(sliced.hits).toBe(1);
    expect(late.hits).toBe(2);
  });

  it('leaves a half-open connection open and silent, and later ones alone', async () => {
    const socket = connect(line.port, '127.0.0.1');
    socket.write('one');
    await once(socket, 'data');
    const struck = new Set<object>(line.wires());
    const applied = line.apply(halfOpen((wire) => struck.has(wire)));
    socket.write('two');
    expect((await say('three')).reply).toBe('answer');
    expect(applied.hits).toBeGreaterThan(0);
    expect(heard).not.toContain('two');
    expect(line.wires().length).toBeGreaterThan(0);
    socket.destroy();
  });

  it.each(['before', 'after'] as const)('strikes %s a COMMIT arrives', async (side) => {
    const commit = Buffer.concat([Buffer.from('Q'), Buffer.from([0, 0, 0, 11]), Buffer.from('commit\0')]).toString('latin1');
    let strikes = 0;
    const applied = line.apply(
      atCommit(1, side, () => {
        strikes += 1;
      }),
    );
    expect(await say(commit)).toEqual({ reply: '', end: 'rst' });
    expect({ strikes, hits: applied.hits, isThere: heard.includes('commit') }).toEqual({ strikes: 1, hits: 1, isThere: side === 'after' });
  });

  it('sees the paths of requests', async () => {
    const paths: string[] = [];
    line.apply(watchRequests((path) => paths.push(path)));
    await say('GET /api/v3/time HTTP/1.1\r\n\r\n');
    expect(paths).toEqual(['/api/v3/time']);
  });
});
