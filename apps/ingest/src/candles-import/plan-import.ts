import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseCandleFileName } from '@candlecast/candle-files';
import { AppError, type EpochMs, type TimeRange } from '@candlecast/domain';
import { type DumpFile, planDumpFiles } from '../dumps/plan-dump-files.ts';

/** What is to be imported: files on disk, or files of the dump host. */
export type ImportItem =
  | { readonly kind: 'local'; readonly symbol: string; readonly path: string }
  | { readonly kind: 'remote'; readonly symbol: string; readonly file: DumpFile };

/** What the command was asked for. */
export interface ImportWish {
  readonly paths: readonly string[];
  readonly symbols: readonly string[];
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
}

/**
 * Returns the work of a command, in order. A folder stands for its 1m files. Throws `candle_file_name_invalid` for a file whose name
 * does not say what it holds, `interval_not_stored` for one that is not of 1m candles, and `config_invalid` for a wish that says nothing.
 */
export async function planImport({ paths, symbols, from, to }: ImportWish, now: EpochMs): Promise<ImportItem[]> {
  if (paths.length > 0 === symbols.length > 0)
    throw new AppError('config_invalid', 'name files or folders, or symbols with --symbol and --from: one of the two');
  if (paths.length > 0) return (await Promise.all(paths.map(planPath))).flat();
  if (from === undefined) throw new AppError('config_invalid', '--symbol needs --from: the first day to import, such as 2022-01-01');
  const range: TimeRange = { from, to: to ?? now };
  if (range.from >= range.to) throw new AppError('config_invalid', '--from does not lie before --to');
  return symbols.flatMap((symbol) => planDumpFiles(symbol, range, now).map((file) => ({ kind: 'remote' as const, symbol, file })));
}

async function planPath(path: string): Promise<ImportItem[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('candle_file_unreadable', `"${path}" cannot be read`, { cause });
  });
  if (!found.isDirectory()) return [toItem(path)];
  const names = (await readdir(path)).filter((name) => parseCandleFileName(name)?.interval === '1m').sort();
  if (names.length === 0)
    throw new AppError('candle_file_name_invalid', `folder "${path}" holds no file named SYMBOL-1m-PERIOD.csv, .csv.gz or .zip`);
  return names.map((name) => toItem(join(path, name)));
}

function toItem(path: string): ImportItem {
  const name = parseCandleFileName(basename(path));
  if (!name) throw new AppError('candle_file_name_invalid', `file name "${basename(path)}" is not SYMBOL-1m-PERIOD.csv, .csv.gz or .zip`);
  if (name.interval !== '1m')
    throw new AppError(
      'interval_not_stored',
      `"${basename(path)}" holds ${name.interval} candles: only 1m is stored, audit it with candles:audit`,
    );
  return { kind: 'local', symbol: name.symbol, path };
}
