export { type CandleFileName, type CandleFilePacking, parseCandleFileName } from './candle-file-name.ts';
export type { RefusalReason } from './candle-row.ts';
export { hashFile, parseChecksum, verifyFile } from './file-checksum.ts';
export { type ListedCandleFile, listCandleFiles } from './list-candle-files.ts';
export { type CandleFileRow, type ReadCandle, type RefusedRow, readCandleFile } from './read-candle-file.ts';
export { emptyTally, type FileTally, readMinuteBatches } from './read-minute-batches.ts';
export { readSeriesFile, type SeriesRefusal, type SeriesRow } from './read-series-file.ts';
export { findSeriesFile, SERIES_FILES, type SeriesColumn, type SeriesFile } from './series-files.ts';
