import { type Instrument, SECOND_MS, type Venue } from '@candlecast/domain';
import type { Services } from '../../context.ts';
import { loadInstrument } from '../../market/find-instruments.ts';
import { type Adapter, type AdapterCall, sendJson, sendText } from '../adapter.ts';
import { findInteger, loadText } from '../parameters.ts';
import { loadHistory } from './history.ts';
import { RESOLUTIONS } from './resolutions.ts';
import { toExchange, toSearchResult, toSymbolInfo } from './symbol-info.ts';

const DEFAULT_RESULTS = 30;
const MOST_RESULTS = 100;

/**
 * Returns TradingView's Universal Data Feed, for charts that bring its adapter: `/udf/config`, `/symbols`, `/search`, `/history` and
 * `/time`. https://www.tradingview.com/charting-library-docs/latest/connecting_data/UDF
 */
export function createUdfAdapters(services: Services): Adapter[] {
  return [
    toAdapter('/udf/config', async ({ response }) => sendJson(response, 200, toConfig(await services.venues.findRunning()))),
    toAdapter('/udf/symbols', async ({ response, parameters }) => {
      sendJson(response, 200, toSymbolInfo(await loadInstrument(services, loadText(parameters, 'symbol'))));
    }),
    toAdapter('/udf/search', async ({ response, parameters }) => sendJson(response, 200, await search(services, parameters))),
    toAdapter('/udf/history', async (call) => sendJson(call.response, 200, await loadHistory(services, call))),
    toAdapter('/udf/time', async ({ response }) => {
      const now = await services.venues.now((await services.venues.findRunning()) ?? 'BINANCE');
      sendText(response, 200, 'text/plain; charset=utf-8', `${Math.floor(now / SECOND_MS)}`);
    }),
  ];
}

function toAdapter(path: string, answer: (call: AdapterCall) => Promise<void>): Adapter {
  return {
    path,
    answer,
    toErrorBody: ({ message, extensions: { code, requestId } }) => ({ s: 'error', errmsg: message, code, requestId }),
  };
}

function toConfig(venue: Venue | undefined) {
  return {
    supported_resolutions: RESOLUTIONS,
    supports_search: true,
    supports_group_request: false,
    supports_marks: false,
    supports_timescale_marks: false,
    supports_time: true,
    exchanges: venue === undefined ? [] : [toExchange(venue)],
    symbols_types: [{ name: 'crypto', value: 'crypto' }],
  };
}

/** Pairs of the running venue that begin with what was typed come first, then those that hold it; both by symbol. */
async function search({ instruments, venues }: Services, parameters: URLSearchParams) {
  const limit = findInteger(parameters, 'limit', 1, MOST_RESULTS) ?? DEFAULT_RESULTS;
  const wanted = (parameters.get('query') ?? '').trim().toUpperCase().slice(0, 60);
  const venue = await venues.findRunning();
  const exchange = parameters.get('exchange') ?? '';
  const type = parameters.get('type') ?? '';
  if (venue === undefined || (exchange !== '' && exchange !== venue) || (type !== '' && type !== 'crypto')) return [];
  const rank = (instrument: Instrument) => {
    const at = instrument.symbol.indexOf(wanted);
    return at === 0 || instrument.id.startsWith(wanted) ? 0 : at > 0 ? 1 : 2;
  };
  return (await instruments.findInstruments(venue))
    .map((instrument) => ({ instrument, rank: rank(instrument) }))
    .filter((found) => found.rank < 2)
    .sort((a, b) => a.rank - b.rank || (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
    .slice(0, limit)
    .map(({ instrument }) => toSearchResult(instrument));
}
