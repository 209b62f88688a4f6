import { listCandleFiles, readCandleFile } from '@candlecast/candle-files';
import { AppError, type Interval, type TimeRange } from '@candlecast/domain';
import { toFeature } from '../features/to-feature.ts';

/** Rows of candle files as the published projects read them: one after the other, off the grid or not, gaps closed up. */
export interface PriceRows {
  readonly openTime: Float64Array;
  readonly close: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly baseVolume: Float64Array;
}

/** Reads the rows of a symbol that open in `range`, in the order of the files. Throws `candles_missing` when there are none. */
export async function loadPriceRows(dir: string, symbol: string, interval: Interval, range: TimeRange): Promise<PriceRows> {
  const rows: { openTime: number; close: number; high: number; low: number; baseVolume: number }[] = [];
  for (const file of await listCandleFiles(dir, interval)) {
    if (file.symbol !== symbol) continue;
    for await (const row of readCandleFile(file.path)) {
      if (row.kind === 'refused' || row.candle.openTime < range.from || row.candle.openTime >= range.to) continue;
      const { openTime, close, high, low, baseVolume } = row.candle;
      rows.push({ openTime, close: toFeature(close), high: toFeature(high), low: toFeature(low), baseVolume: toFeature(baseVolume) });
    }
  }
  if (rows.length === 0) throw new AppError('candles_missing', `folder "${dir}" has no ${interval} rows of ${symbol} in the range`);
  const column = (name: keyof (typeof rows)[number]) => Float64Array.from(rows, (row) => row[name]);
  return {
    openTime: column('openTime'),
    close: column('close'),
    high: column('high'),
    low: column('low'),
    baseVolume: column('baseVolume'),
  };
}
