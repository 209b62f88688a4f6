import { type AddressInfo, createServer } from 'node:net';
import { AppError } from '@candlecast/domain';
import type { LocalSettings, PortSetting } from './config.ts';

/** These listen on loopback whatever the others do. */
const ON_LOOPBACK: readonly PortSetting[] = ['CANDLECAST_POSTGRES_PORT', 'CANDLECAST_SIM_PORT'];

/** Returns the settings that name a port of this start: the database's only where it is ours, the simulator's where it may run. */
export function portsOf(settings: LocalSettings, isProduction: boolean): PortSetting[] {
  return [
    ...(['CANDLECAST_WEB_PORT', 'CANDLECAST_GATEWAY_PORT', 'CANDLECAST_INGEST_PORT', 'CANDLECAST_FORECASTER_PORT'] as const),
    ...(settings.CANDLECAST_SOURCE === 'binance' && isProduction ? [] : (['CANDLECAST_SIM_PORT'] as const)),
    ...(settings.DATABASE_URL === undefined ? (['CANDLECAST_POSTGRES_PORT'] as const) : []),
  ];
}

/**
 * Returns the settings with a free port for each 0. Throws `port_in_use` with one sentence that names the port and the setting when
 * somebody listens on one of the ports, or when two settings name the same.
 */
export async function checkPorts(settings: LocalSettings, names: readonly PortSetting[]): Promise<LocalSettings> {
  const ports = new Map<number, PortSetting>();
  for (const name of names) {
    const wanted = settings[name];
    const host = ON_LOOPBACK.includes(name) ? '127.0.0.1' : settings.CANDLECAST_HOST;
    let port = await bind(host, wanted);
    // A port that was free a moment ago and is free again may be chosen twice.
    while (wanted === 0 && port !== undefined && ports.has(port)) port = await bind(host, wanted);
    const other = ports.get(port ?? wanted);
    if (other) throw new AppError('port_in_use', `${other} and ${name} are both ${wanted}: give one of them another port`);
    if (port === undefined) throw new AppError('port_in_use', `port ${wanted} is in use by another program: set ${name} to another port`);
    ports.set(port, name);
  }
  return { ...settings, ...Object.fromEntries([...ports].map(([port, name]) => [name, port])) };
}

/** Binds to a port for a moment and returns it (the chosen one for 0); undefined when it is in use. */
async function bind(host: string, port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') resolve(undefined);
      else reject(new AppError('port_unusable', `cannot listen on ${host}:${port} (${cause.code})`, { cause }));
    });
    server.listen(port, host, () => {
      const bound = (server.address() as AddressInfo).port;
      server.close(() => resolve(bound));
    });
  });
}
