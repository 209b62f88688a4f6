import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, findFreePort } from '@candlecast/testkit';
import { Agent, cacheStores, type Dispatcher, interceptors, request } from 'undici';

/** A shared HTTP cache before a server of this machine. */
export interface HttpCache {
  readonly name: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts nginx where there is one, else undici's cache. */
export function startHttpCache(origin: number): Promise<HttpCache> {
  const nginx = process.env.NGINX_PATH ?? 'nginx';
  const { stderr, status } = spawnSync(nginx, ['-v'], { encoding: 'utf8' });
  return status === 0 ? startNginx(nginx, stderr.trim().replace('nginx version: ', ''), origin) : startUndici(origin);
}

async function startNginx(program: string, name: string, origin: number): Promise<HttpCache> {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-nginx-'));
  const port = await findFreePort();
  for (const part of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi', 'kept']) mkdirSync(join(folder, part));
  writeFileSync(join(folder, 'nginx.conf'), nginxConf(port, origin));
  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log', '-g', 'daemon off;'], { stdio: 'inherit' });
  const exited = once(child, 'exit');
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`nginx has ended with ${child.exitCode}`);
    await fetch(`http://127.0.0.1:${port}/health`);
  });
  return {
    name,
    port,
    async stop() {
      child.kill('SIGQUIT');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a site needs: what the gateway says is kept, one request for all who ask at once, and what is kept when nobody answers. */
function nginxConf(port: number, origin: number): string {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `${user}
worker_processes 1;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  proxy_cache_path kept keys_zone=history:10m max_size=1g inactive=1d use_temp_path=off;
  upstream gateway { server 127.0.0.1:${origin}; keepalive 16; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://gateway;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache history;
      proxy_cache_key $request_uri;
      proxy_cache_lock on;
      proxy_cache_use_stale updating error timeout http_502 http_503 http_504;
    }
  }
}
`;
}

/** RFC 9111 by undici: what stands in a Node server where there is no other cache. */
async function startUndici(origin: number): Promise<HttpCache> {
  const store = new cacheStores.MemoryCacheStore({ maxSize: 256 * 1024 * 1024, maxEntrySize: 1024 * 1024 });
  const agent = new Agent();
  const dispatcher = agent.compose(
    unconditionally,
    interceptors.deduplicate(),
    interceptors.cache({ store, type: 'shared', methods: ['GET'] }),
  );
  const server = createServer(async (incoming, outgoing) => {
    try {
      const { accept = '*/*' } = incoming.headers;
      const ask = (more: Record<string, string>) =>
        request(`http://127.0.0.1:${origin}${incoming.url}`, { dispatcher, headers: { accept, ...more } });
      const answer = await ask({}).catch(() => ask({ 'cache-control': 'only-if-cached, max-stale=86400' }));
      const { 'transfer-encoding': _, connection: __, ...headers } = answer.headers;
      outgoing.writeHead(answer.statusCode, headers);
      outgoing.end(Buffer.from(await answer.body.arrayBuffer()));
    } catch {
      outgoing.writeHead(502).end(); // nobody answers, and nothing is kept
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name: 'undici',
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await agent.destroy();
    },
  };
}

/** undici 7 drops what a 304 with its own Cache-Control confirms: whole answers are asked for, which it keeps. */
const unconditionally: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const headers = Object.entries((options.headers ?? {}) as Record<string, string>).filter(
    ([name]) => !/^if-(none-match|modified-since)$/i.test(name),
  );
  return dispatch({ ...options, headers: Object.fromEntries(headers) }, handler);
};
