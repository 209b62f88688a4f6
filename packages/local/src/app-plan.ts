import { join } from 'node:path';
import type { AppLogins } from '@candlecast/postgres';
import type { ClockAnchor } from './clock-anchor.ts';
import type { LocalSettings, PortSetting } from './config.ts';

export const APPS = ['ingest', 'forecaster', 'gateway', 'web'] as const;
export type AppName = (typeof APPS)[number] | 'exchange-sim' | 'postgres';

/** How to start an app: arguments of Node in the repository root, and the settings that it needs. */
export interface AppPlan {
  readonly name: AppName;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Address without a trailing slash under which the app serves `/health`. */
  readonly url: string;
}

/** What is decided before the apps are planned: the settings with the chosen source, absolute folders, real ports, the database. */
export type ReadySettings = LocalSettings & { readonly DATABASE_URL: string };

/** Plans the four apps. Each gets no settings but those it reads. */
export function planApps(settings: ReadySettings): Record<(typeof APPS)[number], AppPlan> {
  const exchange = settings.CANDLECAST_SOURCE === 'binance' ? undefined : simulatorUrl(settings);
  const web = planApp('web', settings, 'CANDLECAST_WEB_PORT', [
    ...['CANDLECAST_HOST', 'CANDLECAST_GATEWAY_PORT', 'CANDLECAST_GATEWAY_URL', 'CANDLECAST_GATEWAY_PUBLIC_URL'],
  ]);
  const ingest = planApp('ingest', settings, 'CANDLECAST_INGEST_PORT', [
    ...['DATABASE_URL', 'CANDLECAST_HOST', 'CANDLECAST_INGEST_PORT', 'CANDLECAST_LOG_LEVEL', 'CANDLECAST_SOURCE'],
    ...['CANDLECAST_INSTRUMENTS', 'CANDLECAST_HISTORY_DAYS', 'CANDLECAST_CLOCK_SPEED'],
    ...['CANDLECAST_BINANCE_REST_URL', 'CANDLECAST_BINANCE_WS_URL', 'CANDLECAST_AUDIT_INTERVAL', 'CANDLECAST_DUMP_URL'],
    'CANDLECAST_SERIES_FILE',
  ]);
  return {
    ingest: exchange
      ? withVariables(ingest, { CANDLECAST_BINANCE_REST_URL: exchange, CANDLECAST_BINANCE_WS_URL: exchange.replace('http', 'ws') })
      : ingest,
    forecaster: planApp('forecaster', settings, 'CANDLECAST_FORECASTER_PORT', [
      ...['DATABASE_URL', 'CANDLECAST_HOST', 'CANDLECAST_FORECASTER_PORT', 'CANDLECAST_LOG_LEVEL', 'CANDLECAST_SOURCE'],
      ...['CANDLECAST_INSTRUMENTS', 'CANDLECAST_DATA_DIR', 'CANDLECAST_FORECAST_DEADLINE_MS', 'CANDLECAST_RETRAIN', 'CANDLECAST_FEE_BPS'],
      ...['CANDLECAST_BUCKET_URL', 'CANDLECAST_BUCKET_REGION', 'CANDLECAST_BUCKET_KEY', 'CANDLECAST_BUCKET_SECRET', 'MLFLOW_TRACKING_URI'],
    ]),
    gateway: planApp('gateway', settings, 'CANDLECAST_GATEWAY_PORT', [
      ...['DATABASE_URL', 'CANDLECAST_HOST', 'CANDLECAST_GATEWAY_PORT', 'CANDLECAST_LOG_LEVEL', 'CANDLECAST_WEB_PORT'],
      'CANDLECAST_PUBLIC_TRACKING',
      ...['CANDLECAST_QUOTA_PUBLIC', 'CANDLECAST_QUOTA_KEY', 'CANDLECAST_CONNECTIONS', 'CANDLECAST_TRUSTED_PROXIES'],
      ...['CANDLECAST_ORIGINS', 'CANDLECAST_DOCUMENTS'],
    ]),
    web: {
      // The names by which Next's server knows port and address.
      ...withVariables(web, { PORT: `${settings.CANDLECAST_WEB_PORT}`, HOSTNAME: settings.CANDLECAST_HOST }),
      args: [join('apps', 'web', '.next', 'standalone', 'apps', 'web', 'server.js')],
    },
  };
}

/** Gives each app that uses the database its own login. */
export function withLogins(plans: ReturnType<typeof planApps>, logins: AppLogins): ReturnType<typeof planApps> {
  return {
    ...plans,
    ingest: withVariables(plans.ingest, { DATABASE_URL: logins.ingest }),
    forecaster: withVariables(plans.forecaster, { DATABASE_URL: logins.forecaster }),
    gateway: withVariables(plans.gateway, { DATABASE_URL: logins.gateway }),
  };
}

/** Gives the web app its key: by the file that holds it, which the gateway reads, too. */
export function withWebKey(plans: ReturnType<typeof planApps>, file: string): ReturnType<typeof planApps> {
  const variables = { CANDLECAST_WEB_KEY_FILE: file };
  return { ...plans, gateway: withVariables(plans.gateway, variables), web: withVariables(plans.web, variables) };
}

/** Plans the simulator that stands where the exchange would: simulated and replayed sources. It listens on loopback only. */
export function planSimulator(settings: LocalSettings, anchor: ClockAnchor | undefined): AppPlan {
  const environment = pick(settings, [
    ...['CANDLECAST_SIM_PORT', 'CANDLECAST_SOURCE', 'CANDLECAST_INSTRUMENTS', 'CANDLECAST_SEED', 'CANDLECAST_CLOCK_SPEED'],
    ...['CANDLECAST_REPLAY_DIR', 'CANDLECAST_REPLAY_FROM'],
  ]);
  const plan = {
    name: 'exchange-sim' as const,
    args: [join('packages', 'exchange-sim', 'dist', 'main.js')],
    environment,
    url: simulatorUrl(settings),
  };
  if (!anchor) return plan;
  return withVariables(plan, { CANDLECAST_SIM_ANCHOR_WALL_MS: `${anchor.wallMs}`, CANDLECAST_SIM_ANCHOR_TIME_MS: `${anchor.venueMs}` });
}

/** Address at which a server that binds to `host` is reached from this machine. */
export function toUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function simulatorUrl(settings: LocalSettings): string {
  return toUrl('127.0.0.1', settings.CANDLECAST_SIM_PORT);
}

function planApp(name: AppName, settings: LocalSettings, port: PortSetting, names: readonly string[]): AppPlan {
  return {
    name,
    args: [join('apps', name, 'dist', 'main.js')],
    environment: pick(settings, names),
    url: toUrl(settings.CANDLECAST_HOST, settings[port]),
  };
}

function withVariables(plan: AppPlan, variables: Readonly<Record<string, string>>): AppPlan {
  return { ...plan, environment: { ...plan.environment, ...variables } };
}

/** Writes settings back as the text that the processes read. */
function pick(settings: LocalSettings, names: readonly string[]): Record<string, string> {
  const values: Readonly<Record<string, unknown>> = settings;
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, String(values[name])]])));
}
