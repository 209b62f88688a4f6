import { resolve } from 'node:path';
import { DEFAULT_INSTRUMENTS, readSettings } from '@candlecast/config';
import { AppError, err, type JobCadence, ok, type Result, type Venue } from '@candlecast/domain';
import type { S3Options } from './registry/s3-artifact-store.ts';

/** The settings of the forecaster. */
export interface ForecasterConfig {
  readonly venue: Venue;
  readonly databaseUrl: string;
  /** Absolute path of the folder that holds `models/`. */
  readonly dataDir: string;
  /** Where models are kept in place of `dataDir`; null for there. */
  readonly bucket: Omit<S3Options, 'timeoutMs'> | null;
  /** Address of the MLflow tracking server that runs are exported to; null for none. */
  readonly mlflowUri: string | null;
  readonly deadlineMs: number;
  /** Symbols that are forecast at every close that is due; the others are forecast hourly. */
  readonly everyClose: readonly string[] | 'everything';
  /** How often models are trained anew. */
  readonly retraining: JobCadence;
  /** Fee of a trade in basis points, which signals reckon with. */
  readonly feeBps: number;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

const VENUE_OF = { binance: 'BINANCE', simulated: 'SIM', replay: 'REPLAY' } as const;
const CADENCE_OF = { daily: 'DAILY', weekly: 'WEEKLY', monthly: 'MONTHLY' } as const;

/** Reads the settings; every problem is in the one error. */
export function readConfig(environment: NodeJS.ProcessEnv): Result<ForecasterConfig> {
  const settings = readSettings(
    [
      'DATABASE_URL',
      'CANDLECAST_SOURCE',
      'CANDLECAST_INSTRUMENTS',
      'CANDLECAST_DATA_DIR',
      'CANDLECAST_FORECAST_DEADLINE_MS',
      'CANDLECAST_RETRAIN',
      'CANDLECAST_FEE_BPS',
      'CANDLECAST_BUCKET_URL',
      'CANDLECAST_BUCKET_REGION',
      'CANDLECAST_BUCKET_KEY',
      'CANDLECAST_BUCKET_SECRET',
      'MLFLOW_TRACKING_URI',
      'CANDLECAST_HOST',
      'CANDLECAST_FORECASTER_PORT',
      'CANDLECAST_LOG_LEVEL',
    ],
    environment,
  );
  if (!settings.ok) return settings;
  const { value } = settings;
  if (value.DATABASE_URL === undefined) return err(new AppError('config_invalid', 'DATABASE_URL: the forecaster needs a database'));
  const { CANDLECAST_BUCKET_URL: url, CANDLECAST_BUCKET_KEY: accessKeyId = '', CANDLECAST_BUCKET_SECRET: secretAccessKey = '' } = value;
  if (url !== undefined && (accessKeyId === '' || secretAccessKey === '')) {
    return err(new AppError('config_invalid', 'CANDLECAST_BUCKET_URL: a bucket needs CANDLECAST_BUCKET_KEY and CANDLECAST_BUCKET_SECRET'));
  }
  return ok({
    venue: VENUE_OF[value.CANDLECAST_SOURCE],
    databaseUrl: value.DATABASE_URL,
    dataDir: resolve(value.CANDLECAST_DATA_DIR),
    everyClose: value.CANDLECAST_SOURCE === 'replay' ? 'everything' : toEveryClose(value.CANDLECAST_INSTRUMENTS),
    deadlineMs: value.CANDLECAST_FORECAST_DEADLINE_MS,
    bucket: url === undefined ? null : { url, region: value.CANDLECAST_BUCKET_REGION, accessKeyId, secretAccessKey },
    mlflowUri: value.MLFLOW_TRACKING_URI ?? null,
    retraining: CADENCE_OF[value.CANDLECAST_RETRAIN],
    feeBps: value.CANDLECAST_FEE_BPS,
    host: value.CANDLECAST_HOST,
    port: value.CANDLECAST_FORECASTER_PORT,
    logLevel: value.CANDLECAST_LOG_LEVEL,
  });
}

/** Where all pairs are tracked, those that are tracked unless said otherwise are forecast most. */
function toEveryClose(symbols: readonly string[]): readonly string[] {
  return symbols.length === 1 && symbols[0] === 'ALL' ? DEFAULT_INSTRUMENTS : symbols;
}
