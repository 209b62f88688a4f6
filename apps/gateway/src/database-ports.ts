import {
  createAlertBook,
  createAlertRegister,
  createBookReader,
  createCandleReader,
  createExternalReader,
  createForecastReader,
  createGapReader,
  createHindcastReader,
  createInstrumentReader,
  createKeyStore,
  createQualityReader,
  createQuotaStore,
  createReplayReader,
  createTrackingDesk,
  createTradeReader,
  createWebhookQueue,
  createWebhookRegister,
  type Database,
} from '@candlecast/store';
import type { GatewayPorts } from './start-gateway.ts';

/** Returns what the gateway reads and writes in `database`: everything but the log, the latest values and the time. */
export function createDatabasePorts(database: Database): Omit<GatewayPorts, 'log' | 'channel' | 'clock'> {
  return {
    candles: createCandleReader(database),
    instruments: createInstrumentReader(database),
    forecasts: createForecastReader(database),
    hindcasts: createHindcastReader(database),
    quality: createQualityReader(database),
    gaps: createGapReader(database),
    books: createBookReader(database),
    trades: createTradeReader(database),
    external: createExternalReader(database),
    tracking: createTrackingDesk(database),
    keys: createKeyStore(database),
    quotas: createQuotaStore(database),
    replay: createReplayReader(database),
    webhooks: { register: createWebhookRegister(database), queue: createWebhookQueue(database) },
    alerts: { register: createAlertRegister(database), book: createAlertBook(database) },
    prisma: database.prisma,
    tier: database.tier,
  };
}
