import { type AsOf, DAY_MS, type InstrumentId, type QualityReader, type TimeRange, type TradeIdCheck } from '@candlecast/domain';

/** Whether the trades behind the 1m candles of a range follow each other without a hole. */
export interface TradeIdProof extends TradeIdCheck {
  readonly state: 'CONTIGUOUS' | 'BROKEN' | 'UNKNOWN';
}

/** The longest range that is compared; its rows are all read. */
export const MAX_PROOF_DAYS = 400;

/** Compares trade ids over a range: a break is a break, whatever else is unknown; a range of more than 400 days is not compared. As of a moment of the past if one is given. */
export async function proveTradeIds(
  quality: Pick<QualityReader, 'checkTradeIds'>,
  id: InstrumentId,
  range: TimeRange,
  asOf?: AsOf,
): Promise<TradeIdProof> {
  if (range.to - range.from > MAX_PROOF_DAYS * DAY_MS) return { state: 'UNKNOWN', candles: 0, unknown: 0, breaks: 0, breakTimes: [] };
  const check = await quality.checkTradeIds(id, range, asOf);
  if (check.breaks > 0) return { ...check, state: 'BROKEN' };
  return { ...check, state: check.unknown > 0 || check.candles === 0 ? 'UNKNOWN' : 'CONTIGUOUS' };
}
