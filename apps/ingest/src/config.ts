import { readSettings } from '@candlecast/config';
import { AppError, err, ok, type Result, type Venue } from '@candlecast/domain';
import type { MarketChoice } from './market.ts';
import type { Wish } from './series/roster.ts';

/** The settings of ingest. */
export interface IngestConfig {
  readonly venue: Venue;
  readonly databaseUrl: string;
  readonly restUrl: string;
  readonly wsUrl: string;
  /** How fast the exchange's time runs beside this machine's. */
  readonly clockSpeed: number;
  readonly wish: Wish;
  /** Days of history, or all that the source has. */
  readonly historyDays: number | 'everything';
  readonly auditIntervalMs: number;
  readonly market: MarketChoice;
  /** The address under which the exchange sees this process. */
  readonly address: string;
  /** Undefined where there is no dump host. */
  readonly dumpUrl: string | undefined;
  /** Undefined where no series from outside are collected. */
  readonly seriesFile: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const VENUE_OF = { binance: 'BINANCE', simulated: 'SIM', replay: 'REPLAY' } as const;

/** Reads the settings; every problem is in the one error. A recording is taken as it is: all its pairs, all its history. */
export function readConfig(environment: NodeJS.ProcessEnv): Result<IngestConfig> {
  const settings = readSettings(
    [
      'DATABASE_URL',
      'CANDLECAST_SOURCE',
      'CANDLECAST_INSTRUMENTS',
      'CANDLECAST_HISTORY_DAYS',
      'CANDLECAST_AUDIT_INTERVAL',
      'CANDLECAST_STORE_TRADES',
      'CANDLECAST_SAMPLE_BOOK',
      'CANDLECAST_DUMP_URL',
      'CANDLECAST_DEPTH_BOOKS',
      'CANDLECAST_BINANCE_REST_URL',
      'CANDLECAST_BINANCE_WS_URL',
      'CANDLECAST_CLOCK_SPEED',
      'CANDLECAST_EGRESS_ADDRESS',
      'CANDLECAST_SERIES_FILE',
      'CANDLECAST_HOST',
      'CANDLECAST_INGEST_PORT',
      'CANDLECAST_LOG_LEVEL',
    ],
    environment,
  );
  if (!settings.ok) return settings;
  const { value } = settings;
  if (value.DATABASE_URL === undefined) return err(new AppError('config_invalid', 'DATABASE_URL: ingest needs a database'));
  const isPaced = value.CANDLECAST_SOURCE === 'replay' || (value.CANDLECAST_SOURCE === 'simulated' && value.CANDLECAST_CLOCK_SPEED > 1);
  if (value.CANDLECAST_SERIES_FILE !== undefined && isPaced)
    return err(
      new AppError(
        'config_invalid',
        'CANDLECAST_SERIES_FILE: what is collected now tells nothing of the time of a recording or a fast clock',
      ),
    );
  const isReplay = value.CANDLECAST_SOURCE === 'replay';
  return ok({
    venue: VENUE_OF[value.CANDLECAST_SOURCE],
    databaseUrl: value.DATABASE_URL,
    restUrl: value.CANDLECAST_BINANCE_REST_URL,
    wsUrl: value.CANDLECAST_BINANCE_WS_URL,
    clockSpeed: value.CANDLECAST_SOURCE === 'binance' ? 1 : value.CANDLECAST_CLOCK_SPEED,
    auditIntervalMs: durationMs(value.CANDLECAST_AUDIT_INTERVAL),
    // A recording holds candles alone: trades and books of it are made up.
    market: {
      storeTrades: !isReplay && value.CANDLECAST_STORE_TRADES,
      sampleBook: !isReplay && value.CANDLECAST_SAMPLE_BOOK,
      depthBooks: isReplay ? 0 : value.CANDLECAST_DEPTH_BOOKS,
    },
    wish: isReplay || isAll(value.CANDLECAST_INSTRUMENTS) ? 'everything' : value.CANDLECAST_INSTRUMENTS,
    historyDays: isReplay || value.CANDLECAST_HISTORY_DAYS === 'all' ? 'everything' : value.CANDLECAST_HISTORY_DAYS,
    address: value.CANDLECAST_EGRESS_ADDRESS,
    dumpUrl: value.CANDLECAST_SOURCE === 'binance' && value.CANDLECAST_DUMP_URL !== 'none' ? value.CANDLECAST_DUMP_URL : undefined,
    seriesFile: value.CANDLECAST_SERIES_FILE,
    host: value.CANDLECAST_HOST,
    port: value.CANDLECAST_INGEST_PORT,
    logLevel: value.CANDLECAST_LOG_LEVEL,
  });
}

function durationMs(text: string): number {
  return Number.parseInt(text, 10) * (UNIT_MS[text.slice(-1)] ?? 0);
}

function isAll(symbols: readonly string[]): boolean {
  return symbols.length === 1 && symbols[0] === 'ALL';
}
