import { readSettings } from '@candlecast/config';
import { AppError, err, ok, type Result } from '@candlecast/domain';
import { type MintedKey, readKeyFile } from '@candlecast/identity';
import { DEFAULT_GUARD, type GuardSettings } from './guard/guard.ts';
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
  readonly guard: GuardSettings;
  /** How long a subscriber may stay behind. */
  readonly slowReaderMs: number;
  /** Webhooks may go to this machine. */
  readonly isWebhookLoopbackAllowed: boolean;
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
      'CANDLECAST_QUOTA_PUBLIC',
      'CANDLECAST_QUOTA_KEY',
      'CANDLECAST_CONNECTIONS',
      'CANDLECAST_SLOW_READER_MS',
      'CANDLECAST_TRUSTED_PROXIES',
      'CANDLECAST_ORIGINS',
      'CANDLECAST_WEB_KEY_FILE',
      'CANDLECAST_WEBHOOK_LOOPBACK',
      'CANDLECAST_DOCUMENTS',
      'CANDLECAST_LOG_LEVEL',
    ],
    environment,
  );
  if (!settings.ok) return settings;
  const { value } = settings;
  if (value.DATABASE_URL === undefined) return err(new AppError('config_invalid', 'DATABASE_URL: the gateway needs a database'));
  const webKey = readWebKey(value.CANDLECAST_WEB_KEY_FILE);
  if (!webKey.ok) return webKey;
  if (value.CANDLECAST_WEBHOOK_LOOPBACK && environment.NODE_ENV === 'production') {
    return err(new AppError('config_invalid', 'CANDLECAST_WEBHOOK_LOOPBACK: webhooks never go to this machine with NODE_ENV=production'));
  }
  return ok({
    databaseUrl: value.DATABASE_URL,
    host: value.CANDLECAST_HOST,
    port: value.CANDLECAST_GATEWAY_PORT,
    origins: value.CANDLECAST_ORIGINS ?? localOrigins(value.CANDLECAST_WEB_PORT),
    hasGraphiql: environment.NODE_ENV !== 'production',
    isTrackingOpen: (value.CANDLECAST_PUBLIC_TRACKING ?? (environment.NODE_ENV === 'production' ? 'off' : 'on')) === 'on',
    guard: {
      quotas: { public: value.CANDLECAST_QUOTA_PUBLIC, key: value.CANDLECAST_QUOTA_KEY },
      sockets: { connections: value.CANDLECAST_CONNECTIONS, controlsASecond: DEFAULT_GUARD.sockets.controlsASecond },
      trustedProxies: value.CANDLECAST_TRUSTED_PROXIES,
      webKey: webKey.value,
      allowsAnyDocument: (value.CANDLECAST_DOCUMENTS ?? (environment.NODE_ENV === 'production' ? 'known' : 'any')) === 'any',
      hasIntrospection: environment.NODE_ENV !== 'production',
    },
    slowReaderMs: value.CANDLECAST_SLOW_READER_MS,
    isWebhookLoopbackAllowed: value.CANDLECAST_WEBHOOK_LOOPBACK,
    logLevel: value.CANDLECAST_LOG_LEVEL,
  });
}

function readWebKey(path: string | undefined): Result<MintedKey | undefined> {
  try {
    return ok(path === undefined ? undefined : readKeyFile(path));
  } catch (cause) {
    if (cause instanceof AppError) return err(cause);
    throw cause;
  }
}
