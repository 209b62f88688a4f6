import { type EpochMs, type Interval, intervalMs, SECOND_MS } from '@candlecast/domain';
import type { Client } from '@urql/core';
import type { ChartCandle } from '../market/chart-candle.ts';
import { type BarsData, BarsDocument, type BarsVariables } from './documents.ts';

/** The newest candles of a series, oldest first, and the cursor from which its stream goes on. */
export interface CandlePage {
  readonly candles: readonly ChartCandle[];
  readonly cursor: string | null;
}

/** A page of history. `olderThan` is where the next older page ends; undefined at the beginning of the series. */
export interface HistoryPage {
  readonly candles: readonly ChartCandle[];
  readonly olderThan: EpochMs | undefined;
}

/** Beyond every candle of every venue's clock: the page then ends with the newest one. */
const NEWEST = 2_147_483_647;
const FIRST_PAGE = 300;
const HISTORY_PAGE = 500;

/** Returns the variables of the page that holds the newest candles; the server and the browser ask with the same ones. */
export function newestBars(symbol: string, interval: Interval): BarsVariables {
  return { symbol, interval, to: NEWEST, countback: FIRST_PAGE };
}

/** Returns the newest candles that are already in the cache, as the server rendered them. */
export function readNewestCandles(client: Client, symbol: string, interval: Interval): CandlePage | undefined {
  const data = client.readQuery(BarsDocument, newestBars(symbol, interval))?.data;
  return data && toPage(data);
}

/** Fetches the newest candles; throws what the gateway answers. */
export async function fetchNewestCandles(client: Client, symbol: string, interval: Interval): Promise<CandlePage> {
  return toPage(await query(client, newestBars(symbol, interval)));
}

/** Fetches the page of candles that opened before `before`. */
export async function fetchHistory(client: Client, symbol: string, interval: Interval, before: EpochMs): Promise<HistoryPage> {
  const data = await query(client, { symbol, interval, to: before / SECOND_MS, countback: HISTORY_PAGE });
  const { candles } = toPage(data);
  const oldest = candles[0]?.openTime;
  if (oldest !== undefined) return { candles, olderThan: oldest };
  const next = data.bars.nextTime;
  return { candles, olderThan: next === null ? undefined : ((next * SECOND_MS + intervalMs(interval)) as EpochMs) };
}

/** Past the cache: what was missing or wrong a moment ago may be there by now. */
async function query(client: Client, variables: BarsVariables): Promise<BarsData> {
  const { data, error } = await client.query(BarsDocument, variables, { requestPolicy: 'network-only' }).toPromise();
  if (error || !data) throw error ?? new Error('the gateway answered without data');
  return data;
}

function toPage({ bars }: BarsData): CandlePage {
  const newest = bars.t.length - 1;
  const candles = bars.t.map((time, index) => ({
    openTime: (time * SECOND_MS) as EpochMs,
    open: bars.o[index] ?? 0,
    high: bars.h[index] ?? 0,
    low: bars.l[index] ?? 0,
    close: bars.c[index] ?? 0,
    baseVolume: bars.v[index] ?? 0,
    // The newest row may be the open candle: what the stream says about it wins.
    isClosed: index < newest,
  }));
  return { candles, cursor: bars.cursor };
}
