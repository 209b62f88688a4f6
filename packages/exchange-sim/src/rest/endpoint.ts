import type { EpochMs } from '@candlecast/domain';
import type { SymbolMarket } from '../market/symbol-market.ts';
import { Turns } from '../venue/turns.ts';
import { statusOf, type Venue } from '../venue/venue.ts';
import type { TimeUnit } from './json-text.ts';
import type { Query } from './query.ts';
import { refusals } from './rest-error.ts';

/** What a handler may look at. */
export interface RestRequest {
  readonly venue: Venue;
  readonly query: Query;
  readonly unit: TimeUnit;
  /** The venue's time at which the request is answered. */
  readonly now: EpochMs;
  /** The time that the venue says it is: `now`, but for a fault. */
  readonly serverTime: EpochMs;
  /** The time whose book is shown: `now`, but for a fault. */
  readonly bookTime: EpochMs;
}

/** One path under /api/v3. */
export interface Endpoint {
  readonly path: string;
  /** The parameters that it reads. */
  readonly parameters: readonly string[];
  /** What the request costs. Called before the answer; may throw a refusal. */
  readonly weight: (request: RestRequest) => number;
  /** Returns the answer as JSON text. */
  readonly answer: (request: RestRequest) => string | Promise<string>;
}

/** Returns the market of the mandatory `symbol`. Throws the refusal of an unknown one. */
export function symbolOf({ venue, query }: RestRequest): SymbolMarket {
  const symbol = venue.market.symbols.get(query.symbol());
  if (!symbol) throw refusals.symbol();
  return symbol;
}

/** Returns the markets of `symbol` or `symbols`; all of them when neither is sent. */
export function symbolsOf({ venue, query }: RestRequest): { readonly symbols: readonly SymbolMarket[]; readonly isSingle: boolean } {
  const wanted = query.symbols();
  if (!wanted) return { symbols: [...venue.market.symbols.values()], isSingle: false };
  const symbols = wanted.map((name) => {
    const symbol = venue.market.symbols.get(name);
    if (!symbol) throw refusals.symbol();
    return symbol;
  });
  return { symbols, isSingle: query.text('symbol') !== undefined };
}

/** Answers with an object for `symbol`, an array otherwise. A pair that has not traded yet is left out. */
export async function oneOrMany(request: RestRequest, describe: (symbol: SymbolMarket) => object | undefined): Promise<string> {
  const { symbols, isSingle } = symbolsOf(request);
  const wantedStatus = request.query.status();
  const matching = symbols.filter((symbol) => wantedStatus === undefined || statusOf(symbol, request.now) === wantedStatus);
  if (isSingle && matching.length === 0) throw refusals.statusMismatch();
  const described: object[] = [];
  const turns = new Turns();
  for (const symbol of matching) {
    const item = describe(symbol);
    if (item) described.push(item);
    if (turns.isOver) await turns.rest();
  }
  return JSON.stringify(isSingle ? (described[0] ?? {}) : described);
}
