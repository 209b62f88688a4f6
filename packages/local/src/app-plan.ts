import { join } from 'node:path';
import type { ClockAnchor } from './clock-anchor.ts';
import type { LocalSettings } from './config.ts';

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

/** Plans the four apps. Each gets no settings but those it needs. */
export function planApps(settings: ReadySettings): Record<(typeof APPS)[number], AppPlan> {
  const isOnLoopback = settings.CANDLECAST_SOURCE !== 'binance';
  const exchange = isOnLoopback ? toUrl(settings.CANDLECAST_HOST, settings.CANDLECAST_SIM_PORT) : undefined;
  return {
    ingest: planApp('ingest', settings.CANDLECAST_INGEST_PORT, settings, {
      ...pick(settings, [
        ...['DATABASE_URL', 'CANDLECAST_INGEST_PORT', 'CANDLECAST_SOURCE', 'CANDLECAST_INSTRUMENTS', 'CANDLECAST_HISTORY_DAYS'],
        ...['CANDLECAST_CLOCK_SPEED', 'CANDLECAST_BINANCE_REST_URL', 'CANDLECAST_BINANCE_WS_URL'],
      ]),
      ...(exchange ? { CANDLECAST_BINANCE_REST_URL: exchange, CANDLECAST_BINANCE_WS_URL: exchange.replace('http', 'ws') } : {}),
    }),
    forecaster: planApp('forecaster', settings.CANDLECAST_FORECASTER_PORT, settings, {
      ...pick(settings, [
        ...['DATABASE_URL', 'CANDLECAST_FORECASTER_PORT', 'CANDLECAST_DATA_DIR', 'CANDLECAST_SOURCE', 'CANDLECAST_INSTRUMENTS'],
        ...['CANDLECAST_FORECAST_DEADLINE_MS', 'CANDLECAST_CLOCK_SPEED', 'CANDLECAST_SEED'],
      ]),
    }),
    gateway: planApp('gateway', settings.CANDLECAST_GATEWAY_PORT, settings, {
      ...pick(settings, ['DATABASE_URL', 'CANDLECAST_GATEWAY_PORT', 'CANDLECAST_SOURCE', 'CANDLECAST_CLOCK_SPEED']),
    }),
    web: {
      ...planApp('web', settings.CANDLECAST_WEB_PORT, settings, {
        ...pick(settings, ['CANDLECAST_WEB_PORT', 'CANDLECAST_GATEWAY_PORT', 'CANDLECAST_GATEWAY_URL', 'CANDLECAST_GATEWAY_PUBLIC_URL']),
        PORT: `${settings.CANDLECAST_WEB_PORT}`,
        HOSTNAME: settings.CANDLECAST_HOST,
      }),
      args: [join('apps', 'web', '.next', 'standalone', 'apps', 'web', 'server.js')],
    },
  };
}

/** Plans the simulator that stands where the exchange would: simulated and replayed sources. */
export function planSimulator(settings: LocalSettings, anchor: ClockAnchor | undefined): AppPlan {
  const environment = {
    ...pick(settings, [
      ...['CANDLECAST_SIM_PORT', 'CANDLECAST_SOURCE', 'CANDLECAST_INSTRUMENTS', 'CANDLECAST_HISTORY_DAYS', 'CANDLECAST_SEED'],
      ...['CANDLECAST_REPLAY_DIR', 'CANDLECAST_REPLAY_FROM', 'CANDLECAST_CLOCK_SPEED'],
    ]),
    ...(anchor ? { CANDLECAST_SIM_ANCHOR_WALL_MS: `${anchor.wallMs}`, CANDLECAST_SIM_ANCHOR_TIME_MS: `${anchor.venueMs}` } : {}),
  };
  return {
    ...planApp('exchange-sim', settings.CANDLECAST_SIM_PORT, settings, environment),
    args: ['--import', 'tsx', join('packages', 'exchange-sim', 'src', 'main.ts')],
  };
}

/** Address at which a server that binds to `host` is reached from this machine. */
export function toUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function planApp(name: AppName, port: number, settings: LocalSettings, environment: Readonly<Record<string, string>>): AppPlan {
  return {
    name,
    args: [join('apps', name, 'dist', 'main.js')],
    environment: { ...pick(settings, ['CANDLECAST_HOST', 'CANDLECAST_LOG_LEVEL']), ...environment },
    url: toUrl(settings.CANDLECAST_HOST, port),
  };
}

/** Writes settings back as the text that the processes read. */
function pick(settings: LocalSettings, names: readonly string[]): Record<string, string> {
  const values: Readonly<Record<string, unknown>> = settings;
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, String(values[name])]])));
}
