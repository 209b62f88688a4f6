import {
  createBookWriter,
  createCandleImporter,
  createCandleReader,
  createCandleWriter,
  createDatabase,
  createInstrumentReader,
  createInstrumentWriter,
  createMaintenance,
  createQualityReader,
  createTradeReader,
  createTradeWriter,
  type Maintenance,
  type StorageTier,
} from '@candlecast/store';
import type { IngestStore } from './patient-store.ts';

/** The store with what is not tried again and again. */
export interface ConnectedStore extends IngestStore {
  readonly tier: StorageTier;
  readonly maintenance: Maintenance;
  close(): Promise<void>;
}

/** Connects once; rejects when the database is away or not migrated. Whoever gets the store closes it. */
export async function connectStore(url: string): Promise<ConnectedStore> {
  const database = await createDatabase({ url, applicationName: 'ingest', poolSize: 8 });
  return {
    candles: createCandleReader(database),
    instruments: createInstrumentReader(database),
    candleWriter: createCandleWriter(database),
    instrumentWriter: createInstrumentWriter(database),
    quality: createQualityReader(database),
    importer: createCandleImporter(database),
    tier: database.tier,
    maintenance: createMaintenance(database),
    trades: createTradeReader(database),
    tradeWriter: createTradeWriter(database),
    bookWriter: createBookWriter(database),
    close: () => database.close(),
  };
}
