import { basename } from 'node:path';
import { verifyFile } from '@candlecast/candle-files';
import {
  AppError,
  type CandleImporter,
  type EpochMs,
  type ImportedFile,
  type InstrumentId,
  type InstrumentReader,
  type InstrumentWriter,
  type QualityReader,
  toInstrumentId,
  type Venue,
} from '@candlecast/domain';
import { type DumpHost, dumpFileName } from '../binance/dump-host.ts';
import { fetchDump } from '../dumps/fetch-dump.ts';
import { importFile } from '../dumps/import-file.ts';
import { planDailyFiles } from '../dumps/plan-dump-files.ts';
import type { ImportItem } from './plan-import.ts';

/** What became of one item. */
export type ImportOutcome =
  | { readonly kind: 'imported'; readonly name: string; readonly file: ImportedFile; readonly tookMs: number }
  | { readonly kind: 'known'; readonly name: string }
  | { readonly kind: 'absent'; readonly name: string };

export interface ImportOptions {
  readonly venue: Venue;
  readonly importer: CandleImporter;
  readonly quality: Pick<QualityReader, 'findImportedFiles'>;
  readonly instruments: Pick<InstrumentReader, 'findInstrument'>;
  readonly instrumentWriter: Pick<InstrumentWriter, 'upsertInstruments' | 'setState'>;
  readonly host: DumpHost | undefined;
  readonly now: () => EpochMs;
  /** A timer, in milliseconds. */
  readonly elapsedMs: () => number;
  readonly onRows: (name: string, rows: number) => void;
  readonly onOutcome: (outcome: ImportOutcome) => void;
  readonly signal: AbortSignal;
}

/** Assets that pairs are priced in, longest first. */
const QUOTE_ASSETS = ['FDUSD', 'USDT', 'USDC', 'TUSD', 'BUSD', 'BIDR', 'BTC', 'ETH', 'BNB', 'EUR', 'TRY', 'BRL', 'USD', 'JPY'];

/** Imports one item after the other. What is imported stays when a later one fails; a second run goes on there. */
export async function runImport(items: readonly ImportItem[], options: ImportOptions): Promise<void> {
  for (const item of items) {
    if (options.signal.aborted) return;
    const instrumentId = await loadInstrumentId(item.symbol, options);
    if (item.kind === 'local') options.onOutcome(await importLocal(instrumentId, item.path, options));
    else await importRemote(instrumentId, item, options);
  }
}

async function importLocal(instrumentId: InstrumentId, path: string, options: ImportOptions): Promise<ImportOutcome> {
  const { importer, quality, now, elapsedMs, onRows } = options;
  const name = basename(path);
  const { sha256, isVerified } = await verifyFile(path);
  const known = await quality.findImportedFiles(instrumentId);
  if (known.some((file) => file.name === name && file.sha256 === sha256)) return { kind: 'known', name };
  const startedAtMs = elapsedMs();
  const toImport = { path, name, sha256, isVerified, instrumentId };
  const file = await importFile(importer, now, toImport, (rows) => onRows(name, rows));
  return { kind: 'imported', name, file, tookMs: elapsedMs() - startedAtMs };
}

/** A month whose file is not published yet is made of its days. */
async function importRemote(instrumentId: InstrumentId, item: ImportItem & { kind: 'remote' }, options: ImportOptions): Promise<void> {
  const { host, elapsedMs, onRows, onOutcome } = options;
  if (!host) throw new AppError('config_invalid', 'there is no dump host: set CANDLECAST_DUMP_URL or name files');
  const name = dumpFileName(item.file);
  const startedAtMs = elapsedMs();
  const outcome = await fetchDump(instrumentId, item.file, { ...options, host, onRows: (rows) => onRows(name, rows) });
  if (outcome.kind === 'imported') return onOutcome({ ...outcome, name, tookMs: elapsedMs() - startedAtMs });
  onOutcome({ kind: outcome.kind, name });
  if (outcome.kind !== 'absent' || item.file.kind === 'daily') return;
  for (const file of planDailyFiles(item.symbol, item.file.range, options.now())) {
    if (!options.signal.aborted) await importRemote(instrumentId, { kind: 'remote', symbol: item.symbol, file }, options);
  }
}

/** A pair that nobody tracks is listed as PAUSED: its candles can be asked for, and nothing is fetched for it. */
async function loadInstrumentId(symbol: string, { venue, instruments, instrumentWriter }: ImportOptions): Promise<InstrumentId> {
  const id = toInstrumentId(venue, symbol);
  if (await instruments.findInstrument(id)) return id;
  const quoteAsset = QUOTE_ASSETS.find((asset) => symbol.endsWith(asset) && symbol.length > asset.length) ?? 'USDT';
  const baseAsset = symbol.endsWith(quoteAsset) ? symbol.slice(0, -quoteAsset.length) : symbol;
  await instrumentWriter.upsertInstruments([{ id, venue, symbol, baseAsset, quoteAsset, tickSize: null, stepSize: null }]);
  await instrumentWriter.setState(id, 'PAUSED', 'imported from files, not tracked');
  return id;
}
