import type { EpochMs } from '@candlecast/domain';
import { foldRows } from '../recorded/fold-rows.ts';
import type { Kline } from './symbol-market.ts';

/** Returns consecutive klines as one, trade ids included; those that are undefined are left out. Undefined without any. */
export function joinKlines(openTime: EpochMs, closeTime: EpochMs, parts: readonly (Kline | undefined)[]): Kline | undefined {
  const rows = parts.filter((part) => part !== undefined);
  const joined = foldRows(openTime, closeTime, rows);
  const traded = rows.filter(({ firstTradeId }) => firstTradeId !== -1);
  const [first, last] = [traded[0], traded.at(-1)];
  return joined && { ...joined, firstTradeId: first ? first.firstTradeId : -1, lastTradeId: last ? last.lastTradeId : -1 };
}
