import { type CandleValues, toInstrumentId, toIso } from '@candlecast/domain';
import { createCandleImporter, createInstrumentWriter } from '@candlecast/store';
import { MARKET_START, madeUpCandle } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';
import type { TierServer } from '../measure/tier-servers.ts';
import { seconds } from '../measure/timing.ts';

/** Twenty weeks of minutes. */
const ROWS = 201_600;

/**
 * Measures the bulk path that history takes: COPY, insert, every roll-up, one log entry a batch; beside the least that the same rows cost,
 * a plain COPY into a bare copy of the table.
 */
export async function measureBulkWrites({ database, tier }: TierServer, report: Report): Promise<void> {
  const id = toInstrumentId('SIM', 'BULKUSDT');
  await createInstrumentWriter(database).upsertInstruments([
    { id, venue: 'SIM', symbol: 'BULKUSDT', baseAsset: 'BULK', quoteAsset: 'USDT', tickSize: null, stepSize: null },
  ]);
  const candles = Array.from({ length: ROWS }, (_, minute) => madeUpCandle(0, minute));
  const importer = createCandleImporter(database);
  const end = madeUpCandle(0, ROWS).openTime;

  const bulk = await seconds(async () => {
    await importer.importCandles(id, candles, end);
    await importer.settle({ from: MARKET_START, to: end });
  });
  await database.sessions.run({ name: 'bench-bare', text: 'create table bench_bare (like candle_1m including all)' });
  const copy = await seconds(() => copyBare(database, candles));
  report.figure({ what: `${tier}: bulk path with every roll-up`, value: ROWS / bulk, unit: 'rows/s', goal: { atLeast: 20_000 } });
  report.figure({ what: `${tier}: plain COPY of the same rows into a bare table`, value: ROWS / copy, unit: 'rows/s' });
  report.figure({ what: `${tier}: the former against the latter`, value: copy / bulk, unit: 'ratio' });
}

async function copyBare({ sessions }: TierServer['database'], candles: readonly CandleValues[]): Promise<void> {
  const names =
    'instrument_id, open_time, open, high, low, close, base_volume, quote_volume, trade_count, taker_buy_base_volume, taker_buy_quote_volume, first_trade_id, last_trade_id, known_at';
  await sessions.transact((session) => session.copy(`copy bench_bare (${names}) from stdin`, toLines(candles)));
}

function* toLines(candles: readonly CandleValues[]): Iterable<string> {
  for (const { openTime, ...values } of candles) yield `1\t${toIso(openTime)}\t${Object.values(values).join('\t')}\t${toIso(openTime)}\n`;
}
