import type { CandleReader, ConnectTurns, InstrumentReader, LeaseOf, Venue } from '@candlecast/domain';
import {
  createBookWriter,
  createCandleImporter,
  createCandleReader,
  createCandleWriter,
  createConnectTurns,
  createCrewSeat,
  createDatabase,
  createExternalReader,
  createExternalWriter,
  createInstrumentReader,
  createInstrumentWriter,
  createJobStore,
  createMaintenance,
  createQualityReader,
  createTrackingLedger,
  createTradeReader,
  createTradeWriter,
  type Maintenance,
  type StorageTier,
} from '@candlecast/store';
import type { IngestStore } from './patient-store.ts';

/** The store with what is not tried again and again. */
export interface ConnectedStore extends IngestStore {
  readonly candles: CandleReader;
  readonly instruments: InstrumentReader;
  readonly tier: StorageTier;
  readonly maintenance: Maintenance;
  /** The turns of an address at a venue. */
  connectTurns(venue: Venue, address: string): ConnectTurns;
  close(): Promise<void>;
}

/** A process that stands still in the middle of a commit must not hold up those that take over from it for longer than its leases last. */
const IDLE_TRANSACTION_TIMEOUT_MS = 4_000;

/**
 * Connects once; rejects when the database is away or not migrated. Whoever gets the store closes it. Candles and states are written for
 * instruments that this process keeps by the leases that `leaseOf` tells; without it for any.
 */
export async function connectStore(url: string, leaseOf?: LeaseOf): Promise<ConnectedStore> {
  const idleTransactionTimeoutMs = IDLE_TRANSACTION_TIMEOUT_MS;
  const database = await createDatabase({ url, applicationName: 'ingest', poolSize: 9, idleTransactionTimeoutMs });
  return {
    candles: createCandleReader(database),
    instruments: createInstrumentReader(database),
    candleWriter: createCandleWriter(database, leaseOf),
    instrumentWriter: createInstrumentWriter(database),
    quality: createQualityReader(database),
    importer: createCandleImporter(database, leaseOf),
    tier: database.tier,
    maintenance: createMaintenance(database),
    connectTurns: (venue, address) => createConnectTurns(database, venue, address),
    trades: createTradeReader(database),
    tradeWriter: createTradeWriter(database),
    bookWriter: createBookWriter(database),
    stateWriter: createInstrumentWriter(database, leaseOf),
    tracking: createTrackingLedger(database),
    externalWriter: createExternalWriter(database),
    externalReader: createExternalReader(database),
    jobs: createJobStore(database),
    openSeat: async (request) => createCrewSeat(database, request),
    close: () => database.close(),
  };
}
