import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EpochMs } from '@candlecast/domain';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { Venue } from '../venue/venue.ts';
import type { Endpoint } from './endpoint.ts';
import { exchangeInfo, ping, time } from './general-endpoints.ts';
import { aggTrades, historicalTrades, klines, trades, uiKlines } from './history-endpoints.ts';
import type { TimeUnit } from './json-text.ts';
import { Query } from './query.ts';
import { RestError, refusals } from './rest-error.ts';
import { type BodyHarm, spoilBody, toRefusal, writeBody } from './spoil-answer.ts';
import { bookTicker, depth, tickerDay, tickerPrice } from './state-endpoints.ts';
import { averagePrice, tickerTradingDay, tickerWindow } from './ticker-endpoints.ts';
import type { WeightLimit } from './weight-limit.ts';

const PREFIX = '/api/v3/';
/** The paths of a market. */
export const MARKET_ENDPOINTS: readonly Endpoint[] = [
  ...[ping, time, exchangeInfo, depth],
  ...[klines, uiKlines, aggTrades, trades, historicalTrades],
  ...[tickerDay, tickerWindow, tickerTradingDay, tickerPrice, bookTicker, averagePrice],
];

/** The exchange's own limit on answering, after which it says -1007. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How old a stale answer is unless the fault says. */
const STALE_MS = 10_000;

interface Answer {
  readonly body: string;
  readonly harm?: BodyHarm;
}

/** Answers the paths under /api/v3 as the exchange does: weights, refusals, time units, and the faults that are armed. */
export class RestApi {
  readonly #venue: Venue;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #limit: WeightLimit;
  readonly #faults: FaultBoard;

  constructor(venue: Venue, endpoints: readonly Endpoint[], limit: WeightLimit, faults: FaultBoard) {
    this.#endpoints = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
    this.#venue = venue;
    this.#limit = limit;
    this.#faults = faults;
  }

  /** Tells whether the path belongs here. */
  owns(path: string): boolean {
    return path.startsWith(PREFIX);
  }

  /** Writes the answer. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const address = request.socket.remoteAddress ?? '';
    try {
      const answer = await this.#answer(request, url, address, response);
      if (answer !== undefined) this.#write(response, address, 200, answer.body, {}, answer.harm);
    } catch (error) {
      const refusal =
        error instanceof RestError ? error : new RestError(500, -1000, 'An unknown error occurred while processing the request.');
      if (refusal !== error) this.#venue.log('request failed', { url: url.href, error: String(error) });
      const body = JSON.stringify({ code: refusal.code, msg: refusal.message });
      this.#write(response, address, refusal.status, body, refusal.headers);
    }
  }

  async #answer(request: IncomingMessage, url: URL, address: string, response: ServerResponse): Promise<Answer | undefined> {
    const path = url.pathname.slice(PREFIX.length);
    const endpoint = this.#endpoints.get(path);
    if (!endpoint) throw new RestError(404, -1000, 'Not found.');
    if (request.method !== 'GET') throw new RestError(405, -1000, `Request method '${request.method}' not supported.`);
    const limitNow = this.#venue.time.limitNow();
    const taken = this.#faults.takeRest(path, url.searchParams.get('symbol') ?? undefined);
    if (taken?.fault.answer === 'timeout') return this.#leaveWithoutAnswer(response);
    if (taken && typeof taken.fault.answer === 'number') throw toRefusal(taken.fault, taken.fault.answer, limitNow);

    this.#limit.refuseBanned(address, limitNow);
    const query = new Query(url.searchParams, endpoint.parameters);
    const { time } = this.#venue;
    const present = time.now();
    const now = (taken?.fault.answer === 'stale' ? present - (taken.fault.ageMs ?? STALE_MS) : present) as EpochMs;
    const bookTime = (taken?.fault.answer === 'bookShift' ? now + (taken.fault.byMs ?? -STALE_MS) : now) as EpochMs;
    const call = { venue: this.#venue, query, unit: timeUnitOf(request), now, bookTime, serverTime: this.#faults.serverTime(path) };
    this.#limit.spend(address, endpoint.weight(call), limitNow);
    const body = await endpoint.answer(call);
    return taken ? spoilBody(body, taken.fault, taken.pick) : { body };
  }

  /** As if the exchange had lost the request: silence, and -1007 when the client is still there after ten seconds. */
  #leaveWithoutAnswer(response: ServerResponse): undefined {
    const timer = setTimeout(() => {
      const body =
        '{"code":-1007,"msg":"Timeout waiting for response from backend server. Send status unknown; execution status unknown."}';
      response.writeHead(408, { 'Content-Type': 'application/json;charset=UTF-8' }).end(body);
    }, ANSWER_TIMEOUT_MS);
    response.once('close', () => clearTimeout(timer));
    return undefined;
  }

  #write(
    response: ServerResponse,
    address: string,
    status: number,
    body: string,
    headers: Readonly<Record<string, string>> = {},
    harm?: BodyHarm,
  ): void {
    const used = String(this.#limit.used(address, this.#venue.time.limitNow()));
    response.writeHead(status, {
      'Content-Type': 'application/json;charset=UTF-8',
      'Content-Length': Buffer.byteLength(body),
      'X-MBX-USED-WEIGHT': used,
      'X-MBX-USED-WEIGHT-1M': used,
      ...headers,
    });
    writeBody(response, body, harm);
  }
}

function timeUnitOf(request: IncomingMessage): TimeUnit {
  const header = request.headers['x-mbx-time-unit'];
  if (header === undefined) return 'MILLISECOND';
  const unit = String(header).toUpperCase();
  if (unit !== 'MILLISECOND' && unit !== 'MICROSECOND') throw refusals.timeUnit();
  return unit;
}
