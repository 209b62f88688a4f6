import { AppError, type CandleReader, type Instrument, type MarketSummaryRow } from '@candlecast/domain';
import { type AsOfArgs, toAsOf } from './as-of.ts';
import { MAX_SYMBOLS } from './find-instruments.ts';
import type { Venues } from './venues.ts';

/** Returns the summary of each instrument that has a candle, in their order: of now, or of a moment of the past. */
export async function loadSummaries(
  { candles, venues }: { readonly candles: Pick<CandleReader, 'findSummaries'>; readonly venues: Venues },
  instruments: readonly Instrument[],
  asOfArgs: AsOfArgs | null | undefined,
): Promise<MarketSummaryRow[]> {
  const rows = await Promise.all(
    [...new Set(instruments.map(({ venue }) => venue))].map(async (venue) => {
      const ids = instruments.filter((instrument) => instrument.venue === venue).map(({ id }) => id);
      const now = await venues.now(venue);
      const asOf = toAsOf(asOfArgs, now);
      const isKnownThen = asOf?.kind === 'knownAt';
      // Every minute of the day is looked at, of every instrument.
      if (isKnownThen && ids.length > MAX_SYMBOLS) {
        throw new AppError(
          'RANGE_TOO_LARGE',
          `by knownAt at most ${MAX_SYMBOLS} symbols are summed up, these are ${ids.length}: name them`,
        );
      }
      return candles.findSummaries(ids, asOf?.at ?? now, isKnownThen);
    }),
  );
  const byId = new Map(rows.flat().map((row) => [row.instrumentId, row]));
  return instruments.flatMap(({ id }) => byId.get(id) ?? []);
}
