import { listCandleFiles, readCandleFile } from '@candlecast/candle-files';
import { type CandleValues, DAY_MS, type EpochMs, type InstrumentId, MINUTE_MS, toInstrumentId, toIso } from '@candlecast/domain';
import { createCandleImporter, createCandleWriter, createInstrumentWriter, type Database } from '@candlecast/store';
import { seconds } from '../measure/timing.ts';

/** What loading a tier took. */
export interface LoadFigures {
  readonly rows: number;
  readonly importSeconds: number;
  readonly liveSeconds: number;
}

/** The series that is live at the end, and how much of it comes live: its end lies in the middle of every larger candle. */
const LIVE_SYMBOL = 'BTCUSDT';
const LIVE_MINUTES = 2_000;
const CUT_OFF_MINUTES = 17;
const BATCH_MINUTES = 5;

/** Reads the 1m candles of a folder by symbol, without repeats, oldest first. */
export async function readMarket(folder: string): Promise<Map<string, CandleValues[]>> {
  const market = new Map<string, Map<EpochMs, CandleValues>>();
  for (const { path, symbol } of await listCandleFiles(folder, '1m')) {
    const candles = market.get(symbol) ?? new Map<EpochMs, CandleValues>();
    for await (const row of readCandleFile(path)) if (row.kind === 'candle') candles.set(row.candle.openTime, row.candle);
    market.set(symbol, candles);
  }
  return new Map([...market].sort().map(([symbol, candles]) => [symbol, [...candles.values()].sort((a, b) => a.openTime - b.openTime)]));
}

/** Imports all of it but the end of one series, which then comes live: in small commits, with a hole in it. */
export async function loadMarket(database: Database, market: ReadonlyMap<string, readonly CandleValues[]>): Promise<LoadFigures> {
  const importer = createCandleImporter(database);
  const writer = createCandleWriter(database);
  let rows = 0;
  let live: readonly CandleValues[] = [];
  await stopClock(database, market.get(LIVE_SYMBOL) ?? []);
  const importSeconds = await seconds(async () => {
    for (const [symbol, candles] of market) {
      const id = await list(database, symbol);
      const end = symbol === LIVE_SYMBOL ? candles.length - LIVE_MINUTES : candles.length;
      const history = candles.slice(0, end).filter((candle) => !isHeldBack(symbol, candle));
      if (symbol === LIVE_SYMBOL) live = candles.slice(end, -CUT_OFF_MINUTES);
      const [first, last] = [history[0], history.at(-1)];
      if (!first || !last) continue;
      await importer.importCandles(id, history, last.openTime);
      await importer.settle({ from: first.openTime, to: after(last) });
      rows += history.length;
    }
  });
  const liveSeconds = await seconds(async () => {
    const [first] = live;
    if (!first) return;
    await writer.startLive(btc(), first.openTime);
    for (const batch of batches(live.filter((candle) => !isLate(live, candle)))) {
      await writer.commitClosed([{ instrumentId: btc(), candles: batch }], after(batch.at(-1) ?? first));
    }
  });
  return { rows: rows + live.length, importSeconds, liveSeconds };
}

/** What comes out of order: the hole of the live part, corrections of it and of a candle a year old, a week far in the past, a deletion. */
export async function disturbMarket(database: Database, market: ReadonlyMap<string, readonly CandleValues[]>): Promise<void> {
  const candles = market.get(LIVE_SYMBOL) ?? [];
  const live = candles.slice(-LIVE_MINUTES, -CUT_OFF_MINUTES);
  const newest = live.at(-1);
  if (!newest) return;
  const writer = createCandleWriter(database);
  const knownAt = after(newest);
  await writer.commitClosed([{ instrumentId: btc(), candles: live.filter((candle) => isLate(live, candle)) }], knownAt);
  const corrected = live.slice(-3, -1).map((candle) => ({ ...candle, tradeCount: (candle.tradeCount ?? 0) + 1 }));
  await writer.commitClosed([{ instrumentId: btc(), candles: corrected }], knownAt);
  const old = candles.slice(100_000, 100_001).map((candle) => ({ ...candle, high: candle.open, tradeCount: (candle.tradeCount ?? 0) + 5 }));
  await writer.commitHistory({ instrumentId: btc(), candles: old }, knownAt);
  await writer.commitHistory({ instrumentId: btc(), candles: candles.filter((candle) => isHeldBack(LIVE_SYMBOL, candle)) }, knownAt);
  const gone = candles[150_000]?.openTime ?? newest.openTime;
  const range = { from: gone, to: (gone + DAY_MS / 4) as EpochMs };
  await database.sessions.pool.query(
    `delete from candle_1m c using instrument i where i.id = c.instrument_id and i.symbol = $1 and c.open_time >= $2 and c.open_time < $3`,
    [LIVE_SYMBOL, toIso(range.from), toIso(range.to)],
  );
  await database.sessions.pool.query('call candle_refresh($1::timestamptz, $2::timestamptz)', [toIso(range.from), toIso(range.to)]);
}

/** The venue's present, as ingest saves it before it loads anything: where the live part begins, standing still. */
async function stopClock(database: Database, candles: readonly CandleValues[]): Promise<void> {
  const anchorTime = candles.at(-LIVE_MINUTES)?.openTime;
  if (anchorTime === undefined) return;
  await createInstrumentWriter(database).saveClock({ venue: 'REPLAY', wallTime: anchorTime, anchorTime, speed: 0 });
}

async function list(database: Database, symbol: string): Promise<InstrumentId> {
  const id = toInstrumentId('REPLAY', symbol);
  const instrument = {
    id,
    venue: 'REPLAY',
    symbol,
    baseAsset: symbol.slice(0, -4),
    quoteAsset: 'USDT',
    tickSize: null,
    stepSize: null,
  } as const;
  await createInstrumentWriter(database).upsertInstruments([instrument]);
  await createInstrumentWriter(database).setState(id, symbol === LIVE_SYMBOL ? 'LIVE' : 'PAUSED', null);
  return id;
}

/** A week of June 2022, which is committed after everything else. */
function isHeldBack(symbol: string, { openTime }: CandleValues): boolean {
  const from = Date.UTC(2022, 5, 10, 7, 3);
  return symbol === LIVE_SYMBOL && openTime >= from && openTime < from + 7 * DAY_MS;
}

function isLate(live: readonly CandleValues[], candle: CandleValues): boolean {
  const index = live.indexOf(candle);
  return index >= 500 && index < 560;
}

function btc(): InstrumentId {
  return toInstrumentId('REPLAY', LIVE_SYMBOL);
}

function after({ openTime }: CandleValues): EpochMs {
  return (openTime + MINUTE_MS) as EpochMs;
}

function batches<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += BATCH_MINUTES) parts.push(items.slice(from, from + BATCH_MINUTES));
  return parts;
}
