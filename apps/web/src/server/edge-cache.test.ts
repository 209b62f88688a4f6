import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchKept } from './edge-cache.ts';

const FOR_A_SECOND = 'public, max-age=1, stale-if-error=86400';

let gateway: Server;
let asked: { readonly url: string | undefined; readonly workspace: string | string[] | undefined }[];
let isGone: boolean;
let origin: string;

beforeEach(async () => {
  asked = [];
  isGone = false;
  gateway = createServer((request, response) => {
    if (isGone) return response.destroy();
    asked.push({ url: request.url, workspace: request.headers['x-candlecast-workspace'] });
    const policy = request.url === '/lasting' ? 'public, max-age=31536000, immutable' : FOR_A_SECOND;
    const headers = {
      'content-type': 'application/json',
      'cache-control': policy,
      etag: '"same"',
      vary: 'Accept',
      date: new Date().toUTCString(),
    };
    // As the gateway does where the answer is still the same.
    if (request.headers['if-none-match'] === '"same"') return response.writeHead(304, headers).end();
    response.writeHead(200, headers).end('{"data":1}');
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterEach(async () => {
  gateway.closeAllConnections();
  await new Promise((resolve) => gateway.close(resolve));
});

const read = async (path: string, headers: Record<string, string> = {}) => {
  const { response, staleSeconds } = await fetchKept(`${origin}${path}`, headers);
  return { text: await response.text(), staleSeconds };
};

describe("the web server's cache", () => {
  it('asks the gateway once for all who ask the same at once, and who ask later for what lasts', async () => {
    const visitors = Array.from({ length: 20 }, (_, n) => read('/lasting', { 'x-candlecast-workspace': `visitor-${n}` }));
    for (const { text, staleSeconds } of await Promise.all(visitors))
      expect({ text, staleSeconds }).toEqual({ text: '{"data":1}', staleSeconds: undefined });
    expect((await read('/lasting')).text).toBe('{"data":1}');
    expect(asked).toHaveLength(1);
  });

  it('gives the last answer when the gateway is gone, however often that was confirmed, and says how old it is', async () => {
    await vi.waitFor(
      async () => {
        await read('/tail');
        expect(asked.length).toBe(4);
      },
      { timeout: 20_000 },
    );
    isGone = true;
    await vi.waitFor(
      async () => {
        const { text, staleSeconds } = await read('/tail');
        expect(text).toBe('{"data":1}');
        expect(staleSeconds).toBeGreaterThan(1);
      },
      { timeout: 20_000 },
    );
    await expect(read('/never-asked-for')).rejects.toThrow('fetch failed');
  });
});
