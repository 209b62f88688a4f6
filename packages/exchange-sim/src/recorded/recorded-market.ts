import { AppError, type EpochMs } from '@candlecast/domain';
import { splitSymbol } from '../market/pair-profile.ts';
import type { Market, SymbolMarket } from '../market/symbol-market.ts';
import { mergeRows, type ScannedFile } from './merge-rows.ts';
import { RecordedSymbol } from './recorded-symbol.ts';
import { listRecording, loadRecordingBytes } from './recording-file.ts';
import { scanRows } from './scan-rows.ts';

/** What was made of a recording's folder, for people to check. */
export interface RecordingReport {
  readonly loadedInMs: number;
  readonly symbols: readonly {
    readonly symbol: string;
    readonly files: readonly string[];
    readonly rows: number;
    readonly from: EpochMs;
    readonly to: EpochMs;
    readonly duplicates: { readonly identical: number; readonly differing: number };
  }[];
  readonly ignoredFiles: readonly { readonly name: string; readonly reason: string }[];
  /** Rows that were refused: how many of each file, and the first ones with line and reason. */
  readonly refusedRows: readonly {
    readonly name: string;
    readonly count: number;
    readonly first: readonly { readonly line: number; readonly reason: string }[];
  }[];
}

export interface RecordedMarket extends Market {
  readonly endTime: EpochMs;
  readonly report: RecordingReport;
}

const SHOWN_REFUSALS = 20;

/** Loads every 1m file of a folder. Throws `recording_empty` when no row can be replayed. The rows stay as bytes in memory. */
export async function loadRecordedMarket(dir: string): Promise<RecordedMarket> {
  const startedAt = performance.now();
  const files = await listRecording(dir);
  const scanned = new Map<string, ScannedFile[]>();
  const ignoredFiles: { name: string; reason: string }[] = [];
  for (const file of files) {
    if (file.kind === 'ignored') {
      ignoredFiles.push({ name: file.name, reason: file.reason });
      continue;
    }
    const bytes = await loadRecordingBytes(file.path);
    const rows = scanRows(bytes);
    scanned.set(file.symbol, [...(scanned.get(file.symbol) ?? []), { name: file.name, bytes, rows }]);
  }
  const merged = [...scanned].map(([symbol, parts]) => ({ symbol, parts, rows: mergeRows(parts) }));
  const symbols = new Map<string, SymbolMarket>();
  for (const { symbol, parts, rows } of merged) {
    if (rows.count > 0) symbols.set(symbol, new RecordedSymbol(toListing(symbol, parts), parts, rows));
    else for (const { name } of parts) ignoredFiles.push({ name, reason: 'holds no row that can be replayed' });
  }
  if (symbols.size === 0) throw new AppError('recording_empty', `folder "${dir}" holds no 1m candle that can be replayed`);
  const endTime = Math.max(...[...symbols.values()].map((symbol) => symbol.endTime ?? 0)) as EpochMs;
  const report: RecordingReport = {
    loadedInMs: Math.round(performance.now() - startedAt),
    symbols: merged
      .filter(({ rows }) => rows.count > 0)
      .map(({ symbol, parts, rows }) => ({
        symbol,
        files: parts.map(({ name }) => name),
        rows: rows.count,
        from: (rows.times[0] ?? 0) as EpochMs,
        to: symbols.get(symbol)?.endTime ?? endTime,
        duplicates: rows.duplicates,
      })),
    ignoredFiles,
    refusedRows: [...scanned.values()]
      .flat()
      .flatMap(({ name, rows: { refused } }) =>
        refused.length === 0
          ? []
          : [{ name, count: refused.length, first: refused.slice(0, SHOWN_REFUSALS).map(({ line, fault }) => ({ line, reason: fault })) }],
      ),
  };
  return { symbols, endTime, report };
}

/** A recording does not say the rules of the pair: they are what its digits show. */
function toListing(symbol: string, files: readonly ScannedFile[]) {
  const { baseAsset, quoteAsset } = splitSymbol(symbol) ?? { baseAsset: symbol, quoteAsset: '' };
  return {
    symbol,
    baseAsset,
    quoteAsset,
    tickDecimals: Math.max(...files.map(({ rows }) => rows.priceDecimals)),
    stepDecimals: Math.max(...files.map(({ rows }) => rows.volumeDecimals)),
  };
}
