import { readSettings } from '@candlecast/config';
import { AppError, err, ok, type Result } from '@candlecast/domain';
import { localOrigins } from './guard/origins.ts';

/** The settings of the gateway. */
export interface GatewayConfig {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** Web origins that browsers may read from. */
  readonly origins: readonly string[];
  /** GraphiQL is for development. */
  readonly hasGraphiql: boolean;
  /** Anybody may have pairs tracked. */
  readonly isTrackingOpen: boolean;
  readonly logLevel: string;
}

/** Reads the settings; every problem is in the one error. */
export function readConfig(environment: NodeJS.ProcessEnv): Result<GatewayConfig> {
  const settings = readSettings(
    [
      'DATABASE_URL',
      'CANDLECAST_HOST',
      'CANDLECAST_GATEWAY_PORT',
      'CANDLECAST_WEB_PORT',
      'CANDLECAST_PUBLIC_TRACKING',
      'CANDLECAST_LOG_LEVEL',
    ],
    environment,
  );
  if (!settings.ok) return settings;
  const { value } = settings;
  if (value.DATABASE_URL === undefined) return err(new AppError('config_invalid', 'DATABASE_URL: the gateway needs a database'));
  return ok({
    databaseUrl: value.DATABASE_URL,
    host: value.CANDLECAST_HOST,
    port: value.CANDLECAST_GATEWAY_PORT,
    origins: localOrigins(value.CANDLECAST_WEB_PORT),
    hasGraphiql: environment.NODE_ENV !== 'production',
    isTrackingOpen: (value.CANDLECAST_PUBLIC_TRACKING ?? (environment.NODE_ENV === 'production' ? 'off' : 'on')) === 'on',
    logLevel: value.CANDLECAST_LOG_LEVEL,
  });
}
