import { type CandleReader, type EpochMs, floorToInterval, type InstrumentId, type MarketSummaryRow } from '@candlecast/domain';

/** Returns what takes the summaries that have changed, in the values known then: they change with the minute. */
export function createSummaryTaker(candles: Pick<CandleReader, 'findSummaries'>, ids: readonly InstrumentId[]) {
  const sent = new Map<InstrumentId, string>();
  let looked: { readonly minute: EpochMs; readonly isWhole: boolean } | undefined;
  /** The last minute of the window may become known some seconds after its end. */
  const settleMs = 10_000;

  return async (now: EpochMs): Promise<MarketSummaryRow[]> => {
    const minute = floorToInterval(now, '1m');
    if (looked?.minute === minute && looked.isWhole) return [];
    looked = { minute, isWhole: now - minute >= settleMs };
    const rows = await candles.findSummaries(ids, now, true);
    return rows.filter((row) => {
      const text = JSON.stringify(row);
      const isNew = sent.get(row.instrumentId) !== text;
      sent.set(row.instrumentId, text);
      return isNew;
    });
  };
}
