import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { Probe } from './arbitrary-probe.ts';
import { judgeText } from './judge-answer.ts';

/** What came of a probe. */
export interface Outcome {
  /** What is wrong; undefined when nothing is. */
  readonly fault: string | undefined;
  /** How long the answer took. */
  readonly tookMs: number;
}

/** No answer after this is no answer. */
const CAP_MS = 20_000;

/** Sends a probe to the gateway at `port` and judges what comes back. */
export async function sendProbe(probe: Probe, port: number): Promise<Outcome> {
  const start = performance.now();
  const tooLate = AbortSignal.timeout(CAP_MS);
  const fault = await send(probe, port, tooLate).catch((cause: unknown) =>
    tooLate.aborted ? `no answer within ${CAP_MS} ms` : `no answer: ${String(cause)}`,
  );
  return { fault, tookMs: performance.now() - start };
}

function send(probe: Probe, port: number, signal: AbortSignal): Promise<string | undefined> {
  if (probe.kind === 'http') return overHttp(probe, port, signal);
  return probe.kind === 'socket' ? overSocket(probe.messages, port, signal) : overBytes(probe.bytes, port, signal);
}

async function overHttp(probe: Probe & { kind: 'http' }, port: number, signal: AbortSignal): Promise<string | undefined> {
  const { method, path, headers, body } = probe;
  const sending = request({ host: '127.0.0.1', port, method, path, headers, signal, agent: false });
  sending.end(body);
  const [response] = (await once(sending, 'response', { signal })) as [IncomingMessage];
  const { statusCode = 0 } = response;
  if (statusCode >= 500) return `status ${statusCode}`;
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (String(response.headers['content-type']).startsWith('text/event-stream')) break; // a stream that goes on: its beginning is judged
  }
  const events = [...text.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => data);
  return (events.length > 0 ? events : [text]).map(judgeText).find((fault) => fault !== undefined);
}

/** The socket has answered when it has answered the ping that comes last, or has closed. */
async function overSocket(messages: readonly string[], port: number, signal: AbortSignal): Promise<string | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  const faults: (string | undefined)[] = [];
  try {
    await once(socket, 'open', { signal });
    const ended = new Promise<number>((resolve) => socket.once('close', resolve));
    const answered = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const text = String(data);
        faults.push(judgeText(text));
        if (text === LAST_PONG) resolve();
      });
    });
    socket.send('{"type":"connection_init"}');
    for (const message of messages) socket.send(message);
    socket.send('{"type":"ping","payload":{"last":true}}');
    const late = once(signal, 'abort').then(() => Promise.reject(new Error('no answer')));
    late.catch(() => undefined); // nobody may wait any more
    const code = await Promise.race([ended, answered, late]);
    if (typeof code === 'number' && !FINE.has(code)) return `closed with ${code}`;
    return faults.find((fault) => fault !== undefined);
  } finally {
    socket.terminate();
  }
}

const LAST_PONG = '{"type":"pong","payload":{"last":true}}';
const FINE: ReadonlySet<number> = new Set([1007, 1008, 1009, 4400, 4401, 4403, 4409, 4429]);

async function overBytes(bytes: Uint8Array, port: number, signal: AbortSignal): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  socket.on('error', () => undefined); // the gateway may cut the line
  socket.end(bytes);
  try {
    if (!socket.destroyed) await once(socket, 'close', { signal });
  } finally {
    socket.destroy();
  }
  return text === '' || /^HTTP\/1\.1 [234]\d\d/.test(text) ? judgeText(text) : `bytes were answered by ${text.slice(0, 100)}`;
}
