import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '@candlecast/domain';
import type { SymbolMarket } from '../market/symbol-market.ts';
import { AVERAGE_MINUTES, findAveragePrice } from '../venue/average-price.ts';
import { openTimeOf, parseTimeZone } from '../venue/kline-interval.ts';
import { findStatisticsSince, findWindow, type WindowStatistics } from '../venue/window-statistics.ts';
import { type Endpoint, oneOrMany, type RestRequest, symbolOf } from './endpoint.ts';
import { timeText } from './json-text.ts';
import { refusals } from './rest-error.ts';

const MOST_SYMBOLS = 100;
const WEIGHT_PER_SYMBOL = 4;
const UNITS = { m: { ms: MINUTE_MS, most: 59 }, h: { ms: HOUR_MS, most: 23 }, d: { ms: DAY_MS, most: 7 } } as const;

/** The volume-weighted price of the last five minutes. */
export const averagePrice: Endpoint = {
  path: 'avgPrice',
  parameters: ['symbol'],
  weight: () => 2,
  answer: (request) => {
    const average = findAveragePrice(symbolOf(request), request.now);
    const closeTime = timeText(average?.lastTradeTime ?? request.now, request.unit);
    return `{"mins":${AVERAGE_MINUTES},"price":"${average?.price ?? '0.00000000'}","closeTime":${closeTime}}`;
  },
};

/** The statistics of a rolling window of any length up to seven days. */
export const tickerWindow: Endpoint = {
  path: 'ticker',
  parameters: ['symbol', 'symbols', 'windowSize', 'type', 'symbolStatus'],
  weight: weightOfSymbols,
  answer: (request) => {
    const lengthMs = parseWindowSize(request.query.text('windowSize') ?? '1d');
    if (lengthMs === undefined) throw refusals.value('windowSize');
    return describeAll(request, (symbol) => findWindow(symbol, lengthMs, request.now));
  },
};

/** The statistics of the day so far, in a time zone. */
export const tickerTradingDay: Endpoint = {
  path: 'ticker/tradingDay',
  parameters: ['symbol', 'symbols', 'timeZone', 'type', 'symbolStatus'],
  weight: weightOfSymbols,
  answer: (request) => {
    const offsetMs = parseTimeZone(request.query.text('timeZone') ?? '0');
    if (offsetMs === undefined) throw refusals.value('timeZone');
    const start = openTimeOf('1d', request.now, offsetMs);
    // The day ends with its last millisecond, whatever the time is.
    return describeAll(request, (symbol) => findStatisticsSince(symbol, start, request.now), (start + DAY_MS - 1) as EpochMs);
  },
};

function weightOfSymbols({ query }: RestRequest): number {
  const symbols = query.symbols();
  if (!symbols) throw refusals.missing('symbols');
  if (symbols.length > MOST_SYMBOLS) throw refusals.value('symbols');
  return Math.min(symbols.length, 50) * WEIGHT_PER_SYMBOL;
}

function describeAll(
  request: RestRequest,
  find: (symbol: SymbolMarket) => WindowStatistics | undefined,
  closeTime?: EpochMs,
): Promise<string> {
  const type = request.query.text('type') ?? 'FULL';
  if (type !== 'FULL' && type !== 'MINI') throw refusals.value('type');
  const scale = request.unit === 'MICROSECOND' ? 1_000 : 1;
  return oneOrMany(request, (symbol) => {
    const statistics = find(symbol);
    if (!statistics) return undefined;
    const { window, change, changePercent, weightedAverage } = statistics;
    return {
      symbol: symbol.listing.symbol,
      ...(type === 'FULL' && { priceChange: change, priceChangePercent: changePercent, weightedAvgPrice: weightedAverage }),
      openPrice: window.open,
      highPrice: window.high,
      lowPrice: window.low,
      lastPrice: window.close,
      volume: window.volume,
      quoteVolume: window.quoteVolume,
      openTime: window.openTime * scale,
      closeTime: (closeTime ?? window.closeTime) * scale,
      firstId: window.firstTradeId,
      lastId: window.lastTradeId,
      count: window.tradeCount,
    };
  });
}

/** Reads `1m` to `59m`, `1h` to `23h`, `1d` to `7d` as milliseconds; undefined when it is none of them. */
function parseWindowSize(text: string): number | undefined {
  const [, digits = '', letter] = /^(\d{1,2})([mhd])$/.exec(text) ?? [];
  const unit = letter && UNITS[letter as keyof typeof UNITS];
  const count = Number.parseInt(digits, 10);
  return unit && count >= 1 && count <= unit.most ? count * unit.ms : undefined;
}
