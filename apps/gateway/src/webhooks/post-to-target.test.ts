import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPost, type PostOptions } from './post-to-target.ts';

const NEVER = new AbortController().signal;
const servers: http.Server[] = [];

async function listen(answer: http.RequestListener, host = '127.0.0.1'): Promise<{ port: number; seen: http.IncomingMessage[] }> {
  const seen: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

function post(url: string, options: Partial<PostOptions> = {}, signal = NEVER) {
  return createPost({ isLoopbackAllowed: true, ...options })(url, { 'content-type': 'application/json' }, '{"a":"ä"}', signal);
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a delivery over HTTP', () => {
  it('arrives byte for byte with its headers, and 2xx is success', async () => {
    let body = '';
    const { port, seen } = await listen((request, response) => {
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.writeHead(202).end('thanks'));
    });
    expect(await post(`http://localhost:${port}/hook?a=1`, { resolve: async () => ['127.0.0.1'] })).toEqual({ status: 202, error: null });
    expect(body).toBe('{"a":"ä"}');
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/hook?a=1' });
    expect(seen[0]?.headers).toMatchObject({ host: `localhost:${port}`, 'content-length': '10', 'content-type': 'application/json' });
  });

  it.each([301, 302, 307, 308, 400, 404, 410, 429, 500, 503])('fails with status %d, which is not followed', async (status) => {
    const other = await listen((_, response) => response.end());
    const { port } = await listen((_, response) => response.writeHead(status, { location: `http://127.0.0.1:${other.port}/` }).end());
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status, error: `it answered with ${status}` });
    expect(other.seen).toHaveLength(0);
  });

  it('reads 64 KB of an answer and no more', async () => {
    let wasCut = false;
    const { port } = await listen((_, response) => {
      response.on('close', () => {
        wasCut = !response.writableFinished;
      });
      const write = () => {
        while (response.write(Buffer.alloc(16_384))) {} // for as long as somebody reads
      };
      response.on('drain', write);
      write();
    });
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: 200, error: null });
    await expect.poll(() => wasCut).toBe(true);
  });

  it('gives up on a target that says nothing, or never ends', async () => {
    const silent = await listen(() => undefined);
    expect(await post(`http://127.0.0.1:${silent.port}/`, { timeoutMs: 200 })).toEqual({ status: null, error: 'no answer within 200 ms' });
    const endless = await listen((_, response) => response.write('.'));
    expect(await post(`http://127.0.0.1:${endless.port}/`, { timeoutMs: 200 })).toEqual({ status: null, error: 'no answer within 200 ms' });
  });

  it('gives up on a name that does not resolve, and when it is told to', async () => {
    expect(await post('https://a.example/', { timeoutMs: 200, resolve: () => new Promise(() => undefined) })).toMatchObject({
      status: null,
    });
    expect(await post('https://a.example/', { resolve: async () => [] })).toEqual({ status: null, error: 'the host has no address' });
    expect(await post('https://a.example/', { resolve: () => new Promise(() => undefined) }, AbortSignal.abort())).toMatchObject({
      error: 'the connection failed',
    });
  });

  it('tells of a connection that failed without naming our network', async () => {
    const { port } = await listen(() => undefined);
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: null, error: 'the connection failed: ECONNREFUSED' });
  });
});

describe('a name that changes its mind (DNS rebinding)', () => {
  it('is refused when it leads inside by the time of the delivery', async () => {
    const inside = await listen((_, response) => response.end());
    const strict = { isLoopbackAllowed: false, resolve: async () => ['127.0.0.1'] };
    const refused = { status: null, error: 'the host has an address that is not public' };
    expect(await post(`https://partner.example:${inside.port}/`, strict)).toEqual(refused);
    const mixed = { isLoopbackAllowed: false, resolve: async () => ['93.184.216.34', '10.0.0.1'] };
    expect(await post('https://partner.example/', mixed)).toEqual(refused);
    expect(inside.seen).toHaveLength(0);
  });

  it('is asked once, and the connection goes to the address that was checked', async () => {
    const checked = await listen((_, response) => response.writeHead(204).end());
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    let asked = 0;
    const resolve = async () => answers[asked++] ?? [];
    expect(await post(`http://rebind.example:${checked.port}/`, { resolve })).toEqual({ status: 204, error: null });
    expect(asked).toBe(1);
    expect(checked.seen[0]?.headers.host).toBe(`rebind.example:${checked.port}`);
  });
});

describe('a delivery over TLS', () => {
  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
  let folder: string;
  let tls: { key: string; cert: string } | undefined;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'webhook-tls-'));
    if (!hasOpenssl) return;
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=partner.example'];
    execFileSync('openssl', [...request, '-addext', 'subjectAltName=DNS:partner.example', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('checks that the certificate is the name’s, though it connects to an address', async (context) => {
    if (!tls) return context.skip('openssl is not on this machine');
    const server = https.createServer(tls, (_, response) => response.end());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const resolve = async () => ['127.0.0.1'];
    expect(await post(`https://partner.example:${port}/`, { resolve, ca: tls.cert })).toEqual({ status: 200, error: null });
    expect(await post(`https://other.example:${port}/`, { resolve, ca: tls.cert })).toMatchObject({
      error: 'the connection failed: ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(await post(`https://partner.example:${port}/`, { resolve })).toMatchObject({ status: null });
  });
});
