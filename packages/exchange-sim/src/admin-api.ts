import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { EpochMs } from '@candlecast/domain';
import { type Fault, type FaultBoard, type FaultRecord, parseFault } from './faults.ts';
import type { StreamHub } from './stream/stream-hub.ts';
import { findTruth } from './truth.ts';
import { parseKlineInterval } from './venue/kline-interval.ts';
import type { Venue } from './venue/venue.ts';

export interface AdminOptions {
  readonly venue: Venue;
  readonly faults: FaultBoard;
  readonly hub: StreamHub;
  /** What else /admin/status shows: the source and, of a recording, what was made of its files. */
  readonly describeSource: () => object;
}

/** Arms a fault; those on links strike at once. */
export function injectFault({ faults, hub }: Pick<AdminOptions, 'faults' | 'hub'>, fault: Fault): FaultRecord {
  switch (fault.kind) {
    case 'dropLinks':
      return faults.arm(fault, hub.drop(fault.how, fault.count));
    case 'halfOpen':
      return faults.arm(fault, hub.playDead(fault.count));
    case 'serverShutdown':
      return faults.arm(fault, hub.shutDown(fault.noticeMs ?? 0));
    default:
      return faults.arm(fault);
  }
}

/** Answers /admin/status, /admin/truth, /admin/faults: for tests and for people, without limits and without faults. */
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
    return write(response, 200, injectFault(options, fault.value));
  }
  if (url.pathname === '/admin/truth') {
    const symbol = market.symbols.get(url.searchParams.get('symbol') ?? '');
    const interval = parseKlineInterval(url.searchParams.get('interval') ?? '1m');
    const [from, to] = ['from', 'to'].map((name) => Number.parseInt(url.searchParams.get(name) ?? '', 10));
    if (!symbol || !interval || !Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
      return write(response, 400, { error: 'truth needs a listed symbol, an interval, and from and to in epoch milliseconds' });
    }
    return write(response, 200, await findTruth(symbol, interval, { from: from as EpochMs, to: to as EpochMs }, time.now()));
  }
  return write(response, 404, { error: `${request.method} ${url.pathname} is not known` });
}

function write(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json;charset=UTF-8' }).end(JSON.stringify(body));
}
