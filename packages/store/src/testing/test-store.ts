import {
  type CandleReader,
  type CandleValues,
  type CandleWriter,
  type EpochMs,
  type InstrumentId,
  type InstrumentWriter,
  type LogEntry,
  MINUTE_MS,
  toDecimal,
  toEpochMs,
  toInstrumentId,
} from '@candlecast/domain';
import { createTestDatabase } from '@candlecast/testkit';
import { createCandleReader } from '../candle-reader.ts';
import { createCandleWriter } from '../candle-writer.ts';
import { createDatabase, type Database } from '../database.ts';
import { createInstrumentWriter } from '../instrument-writer.ts';
import { refreshRollups } from '../sql/refresh.ts';

/** A Monday, 00:00 UTC: every interval opens here. */
export const MONDAY = toEpochMs(Date.parse('2022-01-03T00:00:00Z'));

/** The open time `count` minutes after MONDAY. */
export function minute(count: number): EpochMs {
  return toEpochMs(MONDAY + count * MINUTE_MS);
}

/** A store on a database of its own. */
export interface TestStore {
  readonly url: string;
  readonly db: Database;
  readonly writer: CandleWriter;
  readonly reader: CandleReader;
  readonly instruments: InstrumentWriter;
  /** Lists a new instrument. */
  list(): Promise<InstrumentId>;
  /** Everything in the log after `seq`, in order. */
  readLog(seq?: number): Promise<(LogEntry & { readonly seq: number; readonly at: EpochMs })[]>;
  /** Makes roll-ups equal to their minutes where the tier does that later (continuous aggregates). */
  settle(): Promise<void>;
  /** Runs SQL as it is, for what no port does. */
  sql<Row>(text: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** Opens a store on a fresh database: embedded PostgreSQL, or the server that TEST_DATABASE_URL names. */
export async function openTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  const db = await createDatabase({ url: database.url, applicationName: 'test', poolSize: 8 });
  const instruments = createInstrumentWriter(db);
  let listed = 0;
  return {
    url: database.url,
    db,
    writer: createCandleWriter(db),
    reader: createCandleReader(db),
    instruments,
    async list() {
      const symbol = `TEST${++listed}USDT`;
      const id = toInstrumentId('SIM', symbol);
      const rules = { baseAsset: `TEST${listed}`, quoteAsset: 'USDT', tickSize: toDecimal('0.01000000'), stepSize: null };
      await instruments.upsertInstruments([{ id, venue: 'SIM', symbol, ...rules }]);
      return id;
    },
    readLog: (seq = 0) => db.sessions.run({ name: 'test-log', text: LOG }, [seq]),
    async settle() {
      if (db.tier === 'tsl') await refreshRollups(db.sessions, { from: toEpochMs(0), to: minute(60 * 24 * 365) });
    },
    sql: async <Row>(text: string) => (await db.sessions.pool.query(text)).rows as Row[],
    async close() {
      await db.close();
      await database.drop();
    },
  };
}

const LOG = 'select seq, at, topic, key, payload from event_log where seq > $1 order by seq';

/** A 1m candle `count` minutes after MONDAY; prices depend on the minute so that a mix-up shows. */
export function candleAt(count: number, values: Partial<CandleValues> = {}): CandleValues {
  const number = count + 1_000_000; // also of minutes before MONDAY a positive one
  const cents = 10_000 + ((number * 37) % 500);
  return {
    openTime: minute(count),
    open: price(cents),
    high: price(cents + 60),
    low: price(cents - 40),
    close: price(cents + 20),
    baseVolume: toDecimal(`${number % 7}.12345`),
    quoteVolume: toDecimal(`${100 + (number % 11)}.5000`),
    tradeCount: 10,
    takerBuyBaseVolume: toDecimal('0.50000'),
    takerBuyQuoteVolume: toDecimal('50.0000'),
    firstTradeId: number * 10,
    lastTradeId: number * 10 + 9,
    ...values,
  };
}

/** The candles of minutes `from` to `to` (exclusive) after MONDAY. */
export function candlesBetween(from: number, to: number): CandleValues[] {
  return Array.from({ length: to - from }, (_, index) => candleAt(from + index));
}

function price(cents: number) {
  return toDecimal((cents / 100).toFixed(2));
}
