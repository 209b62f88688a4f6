import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { hostOf, isAllowed, parseTarget, type TargetPolicy } from './target-rules.ts';

/** How a target took a delivery: `error` is null when it said 2xx. */
export interface PostResult {
  readonly status: number | null;
  readonly error: string | null;
}

/** Sends a body to a target. Never rejects. */
export type Post = (url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal) => Promise<PostResult>;

/** How to send, and what tests put in its place. */
export interface PostOptions extends TargetPolicy {
  /** From the first look-up to the last byte. */
  readonly timeoutMs?: number;
  /** All addresses of a name. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Certificates to trust beside the public ones. */
  readonly ca?: string;
}

const TIMEOUT_MS = 5_000;
const MOST_ANSWER_BYTES = 65_536;

/**
 * Returns the sender. A name is resolved once; when one of its addresses may not be connected to, none is, and else the connection goes to an
 * address that was checked, whatever the name says a moment later (DNS rebinding). The certificate must be the name's. Redirects are answers
 * like any other, that is failures; an answer is read up to 64 KB.
 */
export function createPost(options: PostOptions): Post {
  const { timeoutMs = TIMEOUT_MS, resolve = resolveAll, ca } = options;

  return async (text, headers, body, signal) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const ended = AbortSignal.any([deadline, signal]);
    try {
      const target = parseTarget(text, options);
      if (!target.ok) return failed(null, target.error.message);
      const url = target.value;
      const host = hostOf(url);
      const addresses = isIP(host) === 0 ? await untilEnded(resolve(host), ended) : [host];
      const [address] = addresses;
      if (address === undefined) return failed(null, 'the host has no address');
      if (!addresses.every((one) => isAllowed(one, url, options))) return failed(null, 'the host has an address that is not public');
      const status = await send({ url, address, headers, body, ca, signal: ended });
      return status >= 200 && status < 300 ? { status, error: null } : failed(status, `it answered with ${status}`);
    } catch (cause) {
      if (deadline.aborted) return failed(null, `no answer within ${timeoutMs} ms`);
      return failed(null, describe(cause));
    }
  };
}

interface Sending {
  readonly url: URL;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

function send({ url, address, headers, body, ca, signal }: Sending): Promise<number> {
  const host = hostOf(url);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(
      {
        host: address,
        port: url.port || undefined,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        agent: false,
        signal,
        ca,
        ...(isIP(host) === 0 ? { servername: host } : {}), // else the certificate must be the address's own
        headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        let read = 0;
        const finish = () => {
          resolve(answer.statusCode ?? 0);
          request.destroy();
        };
        answer.on('data', (chunk: Buffer) => {
          read += chunk.length;
          if (read > MOST_ANSWER_BYTES) finish();
        });
        answer.on('end', finish);
        answer.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** A look-up cannot be ended; it may go on alone. */
function untilEnded<T>(work: Promise<T>, ended: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('it was ended'));
    if (ended.aborted) return stop();
    ended.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => ended.removeEventListener('abort', stop));
  });
}

function failed(status: number | null, error: string): PostResult {
  return { status, error };
}

/** The code alone where there is one: messages of the system name addresses of our network. */
function describe(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return `the connection failed: ${cause.code}`;
  return 'the connection failed';
}
