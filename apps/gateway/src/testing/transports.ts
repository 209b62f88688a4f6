import { openRawSocket } from './raw-socket.ts';

/** The first answer to an operation, whatever it came over. */
export interface Shown {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

/** Sends one operation. */
export type Send = (query: string, variables?: Record<string, unknown>) => Promise<Shown>;

/** Where to send, and with which credentials. */
export interface Target {
  readonly httpUrl: string;
  readonly wsUrl: string;
  readonly authorization?: string;
}

export const TRANSPORTS = ['POST', 'GET', 'SSE', 'WebSocket'] as const;

/** Returns the way over one transport. */
export function sendOver(transport: (typeof TRANSPORTS)[number], target: Target): Send {
  return { POST: overPost, GET: overGet, SSE: overSse, WebSocket: overWebSocket }[transport](target);
}

const credentials = ({ authorization }: Target): Record<string, string> => (authorization === undefined ? {} : { authorization });

const overPost =
  (target: Target): Send =>
  async (query, variables = {}) => {
    const headers = { ...credentials(target), 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(target.httpUrl, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    return (await response.json()) as Shown;
  };

const overGet =
  (target: Target): Send =>
  async (query, variables = {}) => {
    const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    const response = await fetch(`${target.httpUrl}?${search}`, { headers: { ...credentials(target), accept: 'application/json' } });
    return (await response.json()) as Shown;
  };

const overSse =
  (target: Target): Send =>
  async (query, variables = {}) => {
    const response = await fetch(target.httpUrl, {
      method: 'POST',
      headers: { ...credentials(target), 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query, variables }),
    });
    // A refusal at the door is no stream.
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return (await response.json()) as Shown;
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const data = /^data: (\{.+\})$/m.exec(text)?.[1];
      // Leaving the loop cuts the stream.
      if (data !== undefined && text.includes(`${data}\n`)) return JSON.parse(data) as Shown;
    }
    throw new Error(`no event in ${text.slice(0, 200)}`);
  };

const overWebSocket =
  (target: Target): Send =>
  async (query, variables = {}) => {
    const reader = await openRawSocket(target.wsUrl, { params: credentials(target) });
    const answered = new Promise<Shown>((resolve, reject) => {
      reader.socket.on('message', (data) => {
        const { type, payload } = JSON.parse(String(data)) as { type: string; payload: unknown };
        if (type === 'next') resolve(payload as Shown);
        if (type === 'error') resolve({ errors: payload as NonNullable<Shown['errors']> });
      });
      reader.socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
    });
    reader.send({ id: '1', type: 'subscribe', payload: { query, variables } });
    try {
      return await answered;
    } finally {
      reader.socket.terminate();
    }
  };
