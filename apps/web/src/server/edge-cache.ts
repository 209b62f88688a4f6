import { Agent, cacheStores, type Dispatcher, interceptors, fetch as undiciFetch } from 'undici';

/** Answers of the gateway, and how long ago the oldest part of them was true when the gateway did not answer for it anew. */
export interface KeptAnswer {
  readonly response: Response;
  /** Whole seconds; undefined when the answer is as fresh as its gateway wants it. */
  readonly staleSeconds: number | undefined;
}

const MEGABYTE = 1024 * 1024;
const TIMEOUT_MS = 10_000;
/** What differs by visitor and not by answer: the gateway says which answers everybody may share. */
const OF_THE_VISITOR = ['x-candlecast-workspace', 'x-candlecast-visitor-address'];
const ONLY_KEPT = 'only-if-cached, max-stale=86400';
const KEY = Symbol.for('candlecast.edge-cache');

/** One for the process: pages and routes are bundled apart. */
const shared = globalThis as { [KEY]?: Dispatcher };

/**
 * Asks the gateway by GET through this server's own shared HTTP cache (RFC 9111, 64 MB in memory, the oldest goes first): one request for all who
 * ask the same at once, and the last answer for a day when the gateway is down.
 */
export async function fetchKept(url: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<KeptAnswer> {
  shared[KEY] ??= createCache();
  const dispatcher = shared[KEY];
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const ask = (more: Readonly<Record<string, string>>) =>
    undiciFetch(url, {
      headers: { accept: 'application/json', ...headers, ...more },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      dispatcher,
    });
  const answer = await ask({}).catch(async (cause: unknown) => {
    // undici takes the old answer for one of 5xx, but not for none at all.
    const kept = await ask({ 'cache-control': ONLY_KEPT });
    if (!kept.ok) throw cause;
    return kept;
  });
  const age = readSeconds(answer.headers.get('age'), /^(\d+)$/) ?? 0;
  const fresh = readSeconds(answer.headers.get('cache-control'), /\bmax-age=(\d+)/) ?? 0;
  return { response: answer as unknown as Response, staleSeconds: age > fresh + 1 ? age : undefined };
}

function createCache(): Dispatcher {
  const store = new cacheStores.MemoryCacheStore({ maxSize: 64 * MEGABYTE, maxCount: 20_000, maxEntrySize: MEGABYTE });
  // A gateway that is silent is as good as gone: what is kept stands in for it.
  return new Agent({ connect: { timeout: 2_000 }, headersTimeout: 4_000, bodyTimeout: 4_000 }).compose(
    unconditionally,
    interceptors.deduplicate({ excludeHeaderNames: OF_THE_VISITOR }),
    interceptors.cache({ store, type: 'shared', methods: ['GET'] }),
  );
}

/** undici 7 drops what a 304 with its own Cache-Control confirms: whole answers are asked for, which it keeps. */
const unconditionally: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const headers = Object.entries((options.headers ?? {}) as Record<string, string>).filter(
    ([name]) => !/^if-(none-match|modified-since)$/i.test(name),
  );
  return dispatch({ ...options, headers: Object.fromEntries(headers) }, handler);
};

function readSeconds(header: string | null, pattern: RegExp): number | undefined {
  const digits = pattern.exec(header ?? '')?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 10);
}
