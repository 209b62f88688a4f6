import { Agent, type IncomingMessage, request } from 'node:http';

/** Requests over one kept connection a server. Answers are the whole body; anything but 200 throws. */
export interface Asker {
  get(url: string): Promise<Buffer>;
  post(url: string, body: unknown): Promise<Buffer>;
  close(): void;
}

/** Returns an asker. */
export function createAsker(): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (url: string, body?: string) =>
    new Promise<Buffer>((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const asked = request(url, {
        agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: { accept: 'application/json', ...headers },
      });
      asked.once('response', (response: IncomingMessage) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => {
          const whole = Buffer.concat(parts);
          if (response.statusCode === 200) resolve(whole);
          else reject(new Error(`${url} answered ${response.statusCode}: ${whole.toString().slice(0, 500)}`));
        });
      });
      asked.once('error', reject);
      asked.end(body);
    });
  return { get: (url) => send(url), post: (url, body) => send(url, JSON.stringify(body)), close: () => agent.destroy() };
}
