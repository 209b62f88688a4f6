import {
  type CandleValues,
  DAY_MS,
  type EpochMs,
  HOUR_MS,
  isDecimal,
  MINUTE_MS,
  SECOND_MS,
  toInstrumentId,
  type Venue,
} from '@candlecast/domain';
import { z } from 'zod';
import type { Listing } from '../exchange.ts';
import { findFault, isTime, type RawCandle } from './check-candle.ts';
import { unavailable } from './exchange-error.ts';

/** A row of /api/v3/klines: the candle and the last millisecond that it covers. */
export interface CandleRow {
  readonly candle: CandleValues;
  readonly lastMs: EpochMs;
}

/** What the exchange says of itself. */
export interface ExchangeInfo {
  readonly listings: readonly Listing[];
  /** Request weight allowed in a minute, by all the limits that it states; undefined when it states none. */
  readonly weightPerMinute: number | undefined;
}

const WINDOW_MS: Readonly<Record<string, number>> = { SECOND: SECOND_MS, MINUTE: MINUTE_MS, HOUR: HOUR_MS, DAY: DAY_MS };

const exchangeInfoSchema = z.object({
  rateLimits: z.array(z.object({ rateLimitType: z.string(), interval: z.string(), intervalNum: z.number(), limit: z.number() })),
  symbols: z.array(
    z.object({
      symbol: z.string().min(1),
      // Not an enumeration: values are added without notice.
      status: z.string(),
      baseAsset: z.string(),
      quoteAsset: z.string(),
      filters: z.array(z.looseObject({ filterType: z.string() })).default([]),
    }),
  ),
});

/** Reads the rows of /api/v3/klines. Throws a retryable error when one of them is not a candle: a cut or garbled reply. */
export function parseCandleRows(body: unknown): CandleRow[] {
  if (!Array.isArray(body)) throw unavailable('klines did not answer with a list');
  return body.map((row: unknown) => {
    if (!Array.isArray(row) || row.length < 11) throw unavailable('klines answered with a row that has not 12 columns');
    const [openTime, open, high, low, close, baseVolume, lastMs, quoteVolume, tradeCount, takerBuyBaseVolume, takerBuyQuoteVolume] =
      row as unknown[];
    const raw: RawCandle = {
      openTime,
      open,
      high,
      low,
      close,
      baseVolume,
      quoteVolume,
      tradeCount,
      takerBuyBaseVolume,
      takerBuyQuoteVolume,
      firstTradeId: null,
      lastTradeId: null,
    };
    const fault = findFault(raw);
    if (fault || !isTime(lastMs))
      throw unavailable(`klines answered with a wrong ${fault ?? 'time'} in row ${JSON.stringify(row).slice(0, 200)}`);
    return { candle: raw as CandleValues, lastMs: lastMs as EpochMs };
  });
}

/** Reads /api/v3/exchangeInfo; fields and values that we do not know are passed over. */
export function parseExchangeInfo(body: unknown, venue: Venue): ExchangeInfo {
  const parsed = exchangeInfoSchema.safeParse(body);
  if (!parsed.success) throw unavailable(`exchangeInfo cannot be read: ${parsed.error.issues[0]?.message}`, parsed.error);
  const perMinute = parsed.data.rateLimits.flatMap(({ rateLimitType, interval, intervalNum, limit }) => {
    const windowMs = (WINDOW_MS[interval] ?? Number.NaN) * intervalNum;
    // No request weighs less than one, so a limit of requests is one of weight, too.
    const isOurs = rateLimitType === 'REQUEST_WEIGHT' || rateLimitType === 'RAW_REQUESTS';
    return isOurs && windowMs > 0 ? [Math.floor((limit * MINUTE_MS) / Math.max(windowMs, MINUTE_MS))] : [];
  });
  return {
    weightPerMinute: perMinute.length > 0 ? Math.min(...perMinute) : undefined,
    listings: parsed.data.symbols.map((listed) => {
      const step = (filterType: string, field: string) => {
        const value = listed.filters.find((filter) => filter.filterType === filterType)?.[field];
        return isDecimal(value) ? value : null;
      };
      const { symbol, baseAsset, quoteAsset, status } = listed;
      return {
        instrument: {
          id: toInstrumentId(venue, symbol),
          venue,
          symbol,
          baseAsset,
          quoteAsset,
          tickSize: step('PRICE_FILTER', 'tickSize'),
          stepSize: step('LOT_SIZE', 'stepSize'),
        },
        status,
        isTrading: status === 'TRADING',
      };
    }),
  };
}

/** Reads /api/v3/time. */
export function parseServerTime(body: unknown): EpochMs {
  const time = typeof body === 'object' && body !== null && 'serverTime' in body ? body.serverTime : undefined;
  if (!isTime(time)) throw unavailable('time did not answer with milliseconds');
  return time as EpochMs;
}
