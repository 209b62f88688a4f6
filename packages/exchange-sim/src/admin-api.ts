import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { AppError, type EpochMs } from '@candlecast/domain';
import { type FaultTargets, injectFault } from './faults/inject-fault.ts';
import { parseFault } from './faults/parse-fault.ts';
import { findTrueTrades, findTruth } from './truth.ts';
import { parseKlineInterval } from './venue/kline-interval.ts';

export interface AdminOptions extends FaultTargets {
  /** What else /admin/status shows: the source and, of a recording, what was made of its files. */
  readonly describeSource: () => object;
}

/** Answers /admin/status, /admin/truth, /admin/trades, /admin/plants, /admin/faults: for tests and for people, without limits and without faults. */
export async function handleAdmin(options: AdminOptions, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const { venue, faults, hub } = options;
  const { time, market } = venue;
  if (url.pathname === '/admin/status') {
    const clock = { now: time.now(), ...time.settings, endTime: market.endTime ?? null };
    return write(response, 200, {
      clock,
      pairs: market.symbols.size,
      ...hub.counts,
      faults: faults.records(),
      ...options.describeSource(),
    });
  }
  if (url.pathname === '/admin/faults' && request.method === 'GET') return write(response, 200, faults.records());
  if (url.pathname === '/admin/faults' && request.method === 'POST') {
    const fault = parseFault(await text(request));
    if (!fault.ok) return write(response, 400, { error: fault.error.message });
    try {
      return write(response, 200, injectFault(options, fault.value));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return write(response, 400, { error: error.message });
    }
  }
  if (url.pathname === '/admin/plants') return write(response, 200, describePlants(options));
  if (url.pathname === '/admin/truth' || url.pathname === '/admin/trades') {
    const symbol = market.symbols.get(url.searchParams.get('symbol') ?? '');
    const interval = parseKlineInterval(url.searchParams.get('interval') ?? '1m');
    const [from, to] = ['from', 'to'].map((name) => Number.parseInt(url.searchParams.get(name) ?? '', 10));
    if (!symbol || !interval || !Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
      return write(response, 400, { error: 'truth needs a listed symbol, an interval, and from and to in epoch milliseconds' });
    }
    const range = { from: from as EpochMs, to: to as EpochMs };
    if (url.pathname === '/admin/trades') return write(response, 200, findTrueTrades(symbol, range, time.now()));
    return write(response, 200, await findTruth(symbol, interval, range, time.now()));
  }
  return write(response, 404, { error: `${request.method} ${url.pathname} is not known` });
}

/** What was planted into which pair. */
function describePlants({ venue: { market } }: AdminOptions): object[] {
  return [...market.symbols].flatMap(([symbol, { plants }]) => plants.map((plant) => ({ symbol, ...plant })));
}

function write(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json;charset=UTF-8' }).end(JSON.stringify(body));
}
