import {
  addMs,
  type CandleValues,
  clockOfVenue,
  type EpochMs,
  type GapReason,
  type InstrumentId,
  MINUTE_MS,
  systemClock,
  type TimeRange,
  toInstrumentId,
} from '@candlecast/domain';
import {
  createBookReader,
  createCandleReader,
  createCandleWriter,
  createChampionStore,
  createDatabase,
  createForecastReader,
  createForecastScorer,
  createForecastWriter,
  createInstrumentReader,
  createInstrumentWriter,
  createJobStore,
  createLedgerReader,
  createPaceStore,
  createRunStore,
} from '@candlecast/store';
import { createTestDatabase, eventually } from '@candlecast/testkit';
import { expect } from 'vitest';
import { WALK_START } from './random-walk.ts';

/** A database of its own with a venue whose clock stands at the close of the candles that were stored last. */
export type TestMarket = Awaited<ReturnType<typeof openTestMarket>>;

export const VENUE = 'SIM';

/** Opens a market without instruments. */
export async function openTestMarket() {
  const test = await createTestDatabase();
  const database = await createDatabase({ url: test.url, applicationName: 'forecaster test', poolSize: 4 });
  const instrumentWriter = createInstrumentWriter(database);
  const candleWriter = createCandleWriter(database);

  /** Sets the venue's clock to `time`; it runs on from there as fast as the machine's. */
  const setTime = (time: EpochMs) => instrumentWriter.saveClock({ venue: VENUE, wallTime: systemClock.now(), anchorTime: time, speed: 1 });

  const readSql = async <Row>(text: string) => (await database.sessions.pool.query(text)).rows as Row[];
  const readEvents = (topic: string) =>
    readSql<{ key: string; payload: unknown }>(`select key, payload from event_log where topic = '${topic}' order by seq`);

  return {
    url: test.url,
    database,
    books: createBookReader(database),
    instruments: createInstrumentReader(database),
    candles: createCandleReader(database),
    reader: createForecastReader(database),
    writer: createForecastWriter(database),
    ledger: createLedgerReader(database),
    scorer: createForecastScorer(database),
    champions: createChampionStore(database),
    jobs: createJobStore(database),
    paces: createPaceStore(database),
    runs: createRunStore(database),
    setTime,
    /** Lists an instrument and stores its history; it is live from the end of the history on. */
    async addLive(symbol: string, history: readonly CandleValues[]): Promise<InstrumentId> {
      const id = toInstrumentId(VENUE, symbol);
      const end = addMs(history.at(-1)?.openTime ?? WALK_START, MINUTE_MS);
      await setTime(end);
      await instrumentWriter.upsertInstruments([
        { id, venue: VENUE, symbol, baseAsset: symbol.slice(0, -4), quoteAsset: symbol.slice(-4), tickSize: null, stepSize: null },
      ]);
      await candleWriter.commitHistory({ instrumentId: id, candles: history.slice(0, -1) }, end);
      await candleWriter.startLive(id, addMs(end, -MINUTE_MS));
      await candleWriter.commitClosed([{ instrumentId: id, candles: history.slice(-1) }], end);
      await instrumentWriter.setState(id, 'LIVE', null);
      return id;
    },
    /** Stores a closed candle of each instrument and sets the clock `lateMs` after its close. */
    async close(ids: readonly InstrumentId[], candle: CandleValues, lateMs = 0): Promise<void> {
      const closedAt = addMs(candle.openTime, MINUTE_MS + lateMs);
      await setTime(closedAt);
      await candleWriter.commitClosed(
        ids.map((instrumentId) => ({ instrumentId, candles: [candle] })),
        closedAt,
      );
    },
    /** Stores closed candles of an instrument, with others missing in between, at the venue's time. */
    async closeSome(instrumentId: InstrumentId, candles: readonly CandleValues[]): Promise<void> {
      await candleWriter.commitClosed([{ instrumentId, candles }], addMs(candles.at(-1)?.openTime ?? WALK_START, MINUTE_MS));
    },
    /** Stores other values of a closed candle, known since now. */
    async correct(instrumentId: InstrumentId, candle: CandleValues): Promise<void> {
      const clock = await createInstrumentReader(database).findClock(VENUE);
      await candleWriter.commitClosed(
        [{ instrumentId, candles: [candle] }],
        clock ? clockOfVenue(clock, systemClock).now() : systemClock.now(),
      );
    },
    /** Stores older candles of a series that is live. */
    async fillHistory(instrumentId: InstrumentId, candles: readonly CandleValues[]): Promise<void> {
      await candleWriter.commitHistory({ instrumentId, candles }, systemClock.now());
    },
    /** Runs SQL as it is, as the owner: for what no port does. */
    async runSql(text: string): Promise<void> {
      await database.sessions.pool.query(text);
    },
    /** Returns what SQL as it is gives. */
    readSql,
    /** Keys and payloads of the log's events of a topic, in order. */
    readEvents,
    /** Waits until the log holds `count` events of a topic. */
    eventuallyEvents: (topic: string, count: number) => eventually(async () => expect(await readEvents(topic)).toHaveLength(count)),
    /** Records why candles are missing. */
    recordGap: (id: InstrumentId, range: TimeRange, reason: GapReason) => candleWriter.recordGap(id, range, reason, range.to),
    /** Ends every session of the database, as a restart of the server does. */
    async cutConnections(): Promise<void> {
      const others =
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
      await database.sessions.run({ name: 'cut-connections', text: others });
    },
    async drop(): Promise<void> {
      await database.close();
      await test.drop();
    },
  };
}
