import { readSettings, type Settings } from '@candlecast/config';
import { AppError, type Result } from '@candlecast/domain';

/** The settings that the apps and the machinery around them need on one machine. */
export const LOCAL_SETTINGS = [
  'DATABASE_URL',
  'CANDLECAST_HOST',
  'CANDLECAST_WEB_PORT',
  'CANDLECAST_GATEWAY_PORT',
  'CANDLECAST_INGEST_PORT',
  'CANDLECAST_FORECASTER_PORT',
  'CANDLECAST_SIM_PORT',
  'CANDLECAST_POSTGRES_PORT',
  'CANDLECAST_GATEWAY_URL',
  'CANDLECAST_GATEWAY_PUBLIC_URL',
  'CANDLECAST_DATA_DIR',
  'CANDLECAST_SOURCE',
  'CANDLECAST_REPLAY_DIR',
  'CANDLECAST_REPLAY_FROM',
  'CANDLECAST_CLOCK_SPEED',
  'CANDLECAST_SEED',
  'CANDLECAST_INSTRUMENTS',
  'CANDLECAST_HISTORY_DAYS',
  'CANDLECAST_AUDIT_INTERVAL',
  'CANDLECAST_DUMP_URL',
  'CANDLECAST_SERIES_FILE',
  'CANDLECAST_BINANCE_REST_URL',
  'CANDLECAST_BINANCE_WS_URL',
  'CANDLECAST_PUBLIC_TRACKING',
  'CANDLECAST_QUOTA_PUBLIC',
  'CANDLECAST_QUOTA_KEY',
  'CANDLECAST_CONNECTIONS',
  'CANDLECAST_TRUSTED_PROXIES',
  'CANDLECAST_ORIGINS',
  'CANDLECAST_DOCUMENTS',
  'CANDLECAST_FORECAST_DEADLINE_MS',
  'CANDLECAST_RETRAIN',
  'CANDLECAST_FEE_BPS',
  'CANDLECAST_BUCKET_URL',
  'CANDLECAST_BUCKET_REGION',
  'CANDLECAST_BUCKET_KEY',
  'CANDLECAST_BUCKET_SECRET',
  'MLFLOW_TRACKING_URI',
  'CANDLECAST_LOG_LEVEL',
] as const;

export type LocalSettings = Settings<(typeof LOCAL_SETTINGS)[number]>;
export type PortSetting = Extract<keyof LocalSettings, `${string}_PORT`>;

/** Reads the settings of `npm start` from `environment`; returns every problem at once. */
export function readLocalSettings(environment: NodeJS.ProcessEnv): Result<LocalSettings> {
  return readSettings(LOCAL_SETTINGS, environment);
}

/** Reads what stands after `npm start --`. */
export function readFlags(args: readonly string[]): Result<{ readonly hasTimescale: boolean }> {
  const unknown = args.find((arg) => arg !== '--timescale');
  if (unknown === undefined) return { ok: true, value: { hasTimescale: args.length > 0 } };
  return { ok: false, error: new AppError('config_invalid', `"${unknown}" is no option of npm start: it takes --timescale`) };
}

/** Variables of the system, not ours, that every process may need: where programs are, which proxy leads out, which certificates hold. */
const SYSTEM_VARIABLES = [
  ...['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot', 'NODE_ENV', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
];

/** Returns the variables of this process that its children get besides their settings. */
export function readSystemEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(
    SYSTEM_VARIABLES.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Tells whether this is production, where a source that does not answer is never replaced. */
export function isProduction(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment.NODE_ENV === 'production';
}
