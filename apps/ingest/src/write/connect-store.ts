import { createCandleReader, createCandleWriter, createDatabase, createInstrumentReader, createInstrumentWriter } from '@candlecast/store';
import type { IngestStore } from './patient-store.ts';

/** Connects once; rejects when the database is away or not migrated. Whoever gets the store closes it. */
export async function connectStore(url: string): Promise<IngestStore & { close(): Promise<void> }> {
  const database = await createDatabase({ url, applicationName: 'ingest', poolSize: 8 });
  // A connection that breaks between two statements of a transaction says so as an event; unheard it would end the process.
  database.sessions.pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    candles: createCandleReader(database),
    instruments: createInstrumentReader(database),
    candleWriter: createCandleWriter(database),
    instrumentWriter: createInstrumentWriter(database),
    close: () => database.close(),
  };
}
