import { addMs, type CandleValues, compareDecimals, type EpochMs, MINUTE_MS, type TimeRange, toIso } from '@candlecast/domain';
import type { World } from '../world/world.ts';
import { findGaps, findSeries, findStored, type StoredCandle, type StoredGap } from './stored.ts';
import { toMinutes } from './to-minutes.ts';

/** Reasons that may stand for good, and for which nobody is asked again. */
const FINAL_REASONS = ['CONFIRMED_EMPTY', 'EXCHANGE_OUTAGE', 'BEFORE_LISTING'];
const FIELDS = [
  'open',
  'high',
  'low',
  'close',
  'baseVolume',
  'quoteVolume',
  'tradeCount',
  'takerBuyBaseVolume',
  'takerBuyQuoteVolume',
] as const;

/**
 * Compares the store with the exchange's truth, field by field, in a range that must be complete (from where the history of the pair
 * begins). Returns what is wrong.
 */
export async function compareCandles(world: World, symbol: string, wanted: TimeRange): Promise<string[]> {
  const first = (await findSeries(world)).find((series) => series.symbol === symbol)?.firstOpenTime ?? wanted.from;
  const range = { from: Math.max(wanted.from, first) as EpochMs, to: wanted.to };
  const [truth, stored, gaps] = await Promise.all([
    world.sim.truth(symbol, '1m', range),
    findStored(world, symbol, range),
    findGaps(world),
  ]);
  const own = gaps.filter((gap) => gap.symbol === symbol && !gap.isResolved);
  return [...differences(symbol, toMinutes(truth), stored), ...gridFaults(symbol, range, stored, own), ...orderFaults(symbol, stored)];
}

function differences(symbol: string, truth: readonly CandleValues[], stored: readonly StoredCandle[]): string[] {
  const found: string[] = [];
  const rows = new Map<EpochMs, StoredCandle>();
  for (const row of stored) {
    if (rows.has(row.openTime)) found.push(`duplicate: ${nameOf(symbol, row.openTime)}`);
    rows.set(row.openTime, row);
  }
  for (const candle of truth) {
    const row = rows.get(candle.openTime);
    rows.delete(candle.openTime);
    if (!row) found.push(`missing: ${nameOf(symbol, candle.openTime)}`);
    else found.push(...fieldFaults(symbol, candle, row));
  }
  for (const openTime of rows.keys()) found.push(`not the exchange's: ${nameOf(symbol, openTime)}`);
  return found;
}

function fieldFaults(symbol: string, truth: CandleValues, row: StoredCandle): string[] {
  const wrong = FIELDS.filter((field) => row[field] !== truth[field]).map((field) => `${field} ${row[field]} for ${truth[field]}`);
  // Requested candles have no trade ids.
  if (row.firstTradeId !== null && (row.firstTradeId !== truth.firstTradeId || row.lastTradeId !== truth.lastTradeId)) {
    wrong.push(`trade ids ${row.firstTradeId}..${row.lastTradeId} for ${truth.firstTradeId}..${truth.lastTradeId}`);
  }
  return wrong.length === 0 ? [] : [`different: ${nameOf(symbol, truth.openTime)} (revision ${row.revision}): ${wrong.join(', ')}`];
}

/** Every minute is stored or lies in a recorded hole with a final reason, and no stored minute lies in one. */
function gridFaults(symbol: string, range: TimeRange, stored: readonly StoredCandle[], gaps: readonly StoredGap[]): string[] {
  const present = new Set(stored.map(({ openTime }) => openTime));
  const found: string[] = [];
  for (let minute = range.from; minute < range.to; minute = addMs(minute, MINUTE_MS)) {
    const gap = gaps.find(({ from, to }) => from <= minute && minute < to);
    if (present.has(minute)) {
      if (gap && FINAL_REASONS.includes(gap.reason))
        found.push(`a hole that is none: ${nameOf(symbol, minute)} is stored and recorded as ${gap.reason}`);
    } else if (!gap) found.push(`a hole without a word: ${nameOf(symbol, minute)}`);
    else if (!FINAL_REASONS.includes(gap.reason) && gap.reason !== 'PENDING')
      found.push(`a hole with a wrong reason: ${nameOf(symbol, minute)} is ${gap.reason}`);
  }
  return found;
}

function orderFaults(symbol: string, stored: readonly StoredCandle[]): string[] {
  const found: string[] = [];
  /** The newest row with trade ids from which the present one is reached without a missing minute or a row that has none. */
  let before: StoredCandle | undefined;
  let previous: StoredCandle | undefined;
  for (const row of stored) {
    const { open, high, low, close } = row;
    if ([open, close].some((price) => compareDecimals(low, price) > 0 || compareDecimals(price, high) > 0)) {
      found.push(`prices out of order: ${nameOf(symbol, row.openTime)}`);
    }
    if (row.baseVolume.startsWith('-')) found.push(`negative volume: ${nameOf(symbol, row.openTime)}`);
    if (row.firstTradeId === null || (previous && row.openTime - previous.openTime > MINUTE_MS)) before = undefined;
    if (hasIds(row)) {
      if (before && row.firstTradeId !== (before.lastTradeId ?? 0) + 1) {
        found.push(`trade ids jump: ${before.lastTradeId} to ${row.firstTradeId} at ${nameOf(symbol, row.openTime)}`);
      }
      before = row;
    }
    previous = row;
  }
  return found;
}

function hasIds(row: StoredCandle): boolean {
  return row.firstTradeId !== null && row.lastTradeId !== null && row.firstTradeId >= 0;
}

function nameOf(symbol: string, openTime: EpochMs): string {
  return `${symbol} ${toIso(openTime)}`;
}
