import {
  createCandleImporter,
  createCandleReader,
  createCandleWriter,
  createDatabase,
  createInstrumentReader,
  createInstrumentWriter,
  createQualityReader,
} from '@candlecast/store';
import type { IngestStore } from './patient-store.ts';

/** Connects once; rejects when the database is away or not migrated. Whoever gets the store closes it. */
export async function connectStore(url: string): Promise<IngestStore & { close(): Promise<void> }> {
  const database = await createDatabase({ url, applicationName: 'ingest', poolSize: 8 });
  return {
    candles: createCandleReader(database),
    instruments: createInstrumentReader(database),
    candleWriter: createCandleWriter(database),
    instrumentWriter: createInstrumentWriter(database),
    quality: createQualityReader(database),
    importer: createCandleImporter(database),
    close: () => database.close(),
  };
}
