import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type BodyReader, createBodyReader } from './body-reader.ts';
import { FEAR_AND_GREED, MEMPOOL, TWEET_COUNTS } from './fixtures/documented.ts';
import { MOST_BYTES } from './source-kind.ts';
import { readSource, sourceSchema } from './source-kinds.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let sockets: WebSocketServer;
let bodies: BodyReader;
let host: string;
let answer: Answer;
let asked: IncomingMessage[];
/** Frames that a WebSocket sends once it was told what is wanted. */
let frames: string[];
let told: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  sockets = new WebSocketServer({ server, path: '/ws' });
  sockets.on('connection', (socket) =>
    socket.on('message', (message) => {
      told.push(message.toString());
      for (const frame of frames) frame === 'close' ? socket.close(1_008) : socket.send(frame);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  bodies = createBodyReader(1);
});
afterAll(async () => {
  await bodies.close();
  sockets.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  told = [];
  frames = [];
});

const says =
  (body: string, status = 200): Answer =>
  (_, response) =>
    response.writeHead(status).end(body);
const common = { key: 'a', about: 'a test', min: 0, max: 1e9 };
const read = (settings: Record<string, unknown>, signal = new AbortController().signal) =>
  readSource(sourceSchema.parse({ ...common, ...settings }), { bodies, signal });
const json = (value: string, more: Record<string, unknown> = {}) => read({ kind: 'json', url: `http://${host}/a`, value, ...more });
const page = (selector: string, more: Record<string, unknown> = {}) => read({ kind: 'page', url: `http://${host}/`, selector, ...more });
const socket = (value: string, more: Record<string, unknown> = {}) =>
  read({ kind: 'websocket', url: `ws://${host}/ws`, messages: [{ action: 'want', data: ['stats'] }], value, ...more });
const fails = (reading: Promise<unknown>, code: string) => expect(reading).rejects.toMatchObject({ code });

describe('a JSON source', () => {
  it('gives the value that the path finds, and its time', async () => {
    answer = says(MEMPOOL);
    expect(await json('$.count', { headers: { authorization: 'Bearer hush' } })).toEqual({ value: '8134', eventTime: null });
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer hush', accept: 'application/json' });
    answer = says(TWEET_COUNTS);
    expect(await json('$.data[-2].tweet_count', { time: { path: '$.data[-2].end', unit: 'iso' } })).toEqual({
      value: '2',
      eventTime: Date.UTC(2021, 8, 27, 15),
    });
    answer = says(FEAR_AND_GREED);
    expect(await json('$.data[0].value', { time: { path: '$.data[0].timestamp', unit: 'seconds' } })).toEqual({
      value: '47',
      eventTime: Date.UTC(2026, 3, 27),
    });
    answer = says('{"y": 7, "x": 1777248000.25}');
    expect(await json('$.y', { time: { path: '$.x', unit: 'seconds' } })).toMatchObject({ eventTime: Date.UTC(2026, 3, 27) + 250 });
    expect(await json('$.y', { time: { path: '$.x', unit: 'milliseconds' } })).toMatchObject({ eventTime: 1_777_248_000 });
    answer = says('{"y": 1.5e-7}');
    expect(await json('$.y')).toEqual({ value: '0.00000015', eventTime: null });
  });

  it('follows a redirection', async () => {
    answer = (request, response) =>
      request.url === '/b' ? response.writeHead(200).end('{"x": 1}') : response.writeHead(302, { location: '/b' }).end();
    expect(await json('$.x')).toMatchObject({ value: '1' });
    answer = (_, response) => response.writeHead(302, { location: '/a' }).end();
    await fails(json('$.x'), 'source_refused');
    answer = ({ url }, response) => response.writeHead(302, { location: `${url}a` }).end();
    await fails(json('$.x'), 'source_refused');
    expect(asked.length).toBeLessThan(10);
  });

  it('is tried again where that may help, and not where it does not', async () => {
    answer = (_, response) => (asked.length < 3 ? response.writeHead(503).end() : response.writeHead(200).end('{"x": 2}'));
    expect(await json('$.x')).toMatchObject({ value: '2' });
    expect(asked).toHaveLength(3);
    asked = [];
    answer = says('', 429);
    await expect(json('$.x')).rejects.toMatchObject({ code: 'source_busy', retryable: true });
    expect(asked).toHaveLength(3);
    asked = [];
    answer = says('', 403);
    await expect(json('$.x')).rejects.toMatchObject({ code: 'source_refused', retryable: false, message: expect.stringContaining('403') });
    expect(asked).toHaveLength(1);
  });

  it('fails with the rule that is broken', async () => {
    answer = says(MEMPOOL);
    await fails(json('$.size'), 'value_absent');
    await fails(json('$.fee_histogram[*][0]'), 'value_ambiguous');
    await fails(json('$.fee_histogram'), 'value_invalid');
    await fails(json('$.count', { time: { path: '$.vsize.at', unit: 'seconds' } }), 'time_invalid');
    answer = says('<html>busy</html>');
    await fails(json('$.x'), 'source_invalid');
    answer = says(`{"x": 1, "y": "${'a'.repeat(MOST_BYTES)}"}`);
    await fails(json('$.x'), 'source_too_large');
    answer = () => undefined;
    await fails(json('$.x', { timeoutMs: 100 }), 'source_timeout');
    answer = (request) => request.socket.destroy();
    await fails(json('$.x'), 'source_unreachable');
  });
});

describe('a page', () => {
  const HTML = `<!doctype html><h1>Index 500</h1><div class="quote"><span data-last="5303.25">5,303.27</span> <b>+0.5 %</b></div>`;

  it('gives the number of one element', async () => {
    answer = says(HTML);
    expect(await page('.quote > span')).toEqual({ value: '5303.27', eventTime: null });
    expect(await page('.quote > span', { attribute: 'data-last' })).toEqual({ value: '5303.25', eventTime: null });
    answer = says('<p id=a>18.203,10 €</p>');
    expect(await page('#a', { decimalComma: true })).toEqual({ value: '18203.10', eventTime: null });
  });

  it('fails with the rule that is broken', async () => {
    answer = says(HTML);
    await fails(page('.price'), 'value_absent');
    await fails(page('.quote > *'), 'value_ambiguous');
    await fails(page('.quote'), 'value_ambiguous');
    await fails(page('.quote > span', { attribute: 'title' }), 'value_absent');
    await fails(page('.quote > span', { decimalComma: true }), 'value_invalid');
  });
});

describe('a WebSocket', () => {
  it('is told what is wanted and gives the first frame that has it', async () => {
    frames = ['{"loadingIndicators": {}}', '{"mempoolInfo": {"size": 41234}}', '{"mempoolInfo": {"size": 1}}'];
    expect(await socket('$.mempoolInfo.size')).toEqual({ value: '41234', eventTime: null });
    expect(told).toEqual(['{"action":"want","data":["stats"]}']);
    await expect.poll(() => sockets.clients.size).toBe(0);
  });

  it('fails with the rule that is broken', async () => {
    await fails(socket('$.x', { timeoutMs: 100 }), 'source_timeout');
    frames = Array.from({ length: 500 }, () => '{}');
    await fails(socket('$.x'), 'value_absent');
    frames = ['hello'];
    await fails(socket('$.x'), 'source_invalid');
    frames = [`{"x": "${'a'.repeat(MOST_BYTES)}"}`];
    await fails(socket('$.x'), 'source_too_large');
    frames = ['close'];
    await fails(socket('$.x'), 'source_unreachable');
    await fails(socket('$.x', { url: `ws://${host}/other` }), 'source_refused');
    await fails(socket('$.x', { url: 'ws://127.0.0.1:1/' }), 'source_unreachable');
    await expect.poll(() => sockets.clients.size).toBe(0);
  });
});
