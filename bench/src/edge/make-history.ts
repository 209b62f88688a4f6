import { addMs, type CandleValues, chunkMs, type EpochMs, floorToChunk, toDecimal, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { createCandleImporter, createCandleWriter, createInstrumentWriter, type Database } from '@candlecast/store';

/** A series with closed chunks, and what is corrected in it. */
export interface MadeHistory {
  readonly symbol: string;
  /** Not a price of any other minute. */
  readonly correctedPrice: number;
  /** Corrects a minute in the chunk before the newest closed one. */
  correct(): Promise<void>;
}

const MINUTE_MS = 60_000;
const CORRECTED_PRICE = 777_777;

/** Fills a database with one live series of as many chunks of 3m, each of them three of 1m, and a few minutes more. */
export async function makeHistory(database: Database, chunks: number): Promise<MadeHistory> {
  const id = toInstrumentId('SIM', 'EDGEUSDT');
  const from = floorToChunk(toEpochMs(Date.UTC(2022, 0, 3)), '3m');
  const live = addMs(from, chunks * chunkMs('3m'));
  const end = addMs(live, 7 * MINUTE_MS);
  const instruments = createInstrumentWriter(database);
  await instruments.saveClock({ venue: 'SIM', wallTime: end, anchorTime: end, speed: 0 });
  const tickSize = toDecimal('0.01000000');
  await instruments.upsertInstruments([
    { id, venue: 'SIM', symbol: 'EDGEUSDT', baseAsset: 'EDGE', quoteAsset: 'USDT', tickSize, stepSize: null },
  ]);
  const minutes = (first: EpochMs, last: EpochMs) =>
    Array.from({ length: (last - first) / MINUTE_MS }, (_, n) => minuteAt(addMs(first, n * MINUTE_MS)));
  await createCandleImporter(database).importCandles(id, minutes(from, live), live);
  const writer = createCandleWriter(database);
  await writer.startLive(id, live);
  await writer.commitClosed([{ instrumentId: id, candles: minutes(live, end) }], end);
  return {
    symbol: id,
    correctedPrice: CORRECTED_PRICE,
    async correct() {
      const openTime = addMs(live, -chunkMs('3m') - 5 * MINUTE_MS);
      const high = toDecimal(`${CORRECTED_PRICE}`);
      await writer.commitHistory({ instrumentId: id, candles: [{ ...minuteAt(openTime), high, tradeCount: 99 }] }, end);
    },
  };
}

function minuteAt(openTime: EpochMs): CandleValues {
  const price = 1_000 + ((openTime / MINUTE_MS) % 500);
  const at = (offset: number) => toDecimal(`${price + offset}.50`);
  return {
    ...{ openTime, open: at(0), high: at(2), low: at(-2), close: at(1), baseVolume: toDecimal('1.5'), quoteVolume: null, tradeCount: 10 },
    ...{ takerBuyBaseVolume: null, takerBuyQuoteVolume: null, firstTradeId: null, lastTradeId: null },
  };
}
