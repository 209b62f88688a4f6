import { fileURLToPath } from 'node:url';
import { until } from '../../faults/shots/shot.ts';
import { findLastingPort } from '../../faults/world/lasting-port.ts';
import { type Supervisor, superviseApp } from '../../faults/world/supervisor.ts';

/** Two real gateways on one database, each kept running on a port of its own. */
export interface Gateways {
  readonly ports: readonly number[];
  readonly all: readonly Supervisor[];
  /** Resolves when a gateway takes requests. */
  untilReady(index: number): Promise<void>;
  stop(): Promise<void>;
}

/** The program of the gateway that is delivered. */
export const BUILT_GATEWAY = fileURLToPath(new URL('../../../../apps/gateway/dist/main.js', import.meta.url));
const COUNT = 2;
/** Quotas are not what is tried here, and all clients have one address. */
const NO_LIMITS = { CANDLECAST_QUOTA_PUBLIC: '1000000000', CANDLECAST_CONNECTIONS: '1000000' };
/** A slow reader needs fewer events to be one. */
const SLOW_READER_MS = '1000';
const TIME_ZONES = ['Asia/Tokyo', 'America/St_Johns'];

/** Starts the gateways and waits until both take requests. */
export async function startGateways(databaseUrl: string, program: string = BUILT_GATEWAY): Promise<Gateways> {
  const ports: number[] = [];
  while (ports.length < COUNT) {
    const port = await findLastingPort();
    if (!ports.includes(port)) ports.push(port);
  }
  const all = ports.map((port, index) =>
    superviseApp(({ nodeOptions = [], clockOffsetMs = 0 }) => ({
      program,
      nodeOptions,
      clockOffsetMs,
      environment: {
        DATABASE_URL: databaseUrl,
        CANDLECAST_HOST: '127.0.0.1',
        CANDLECAST_GATEWAY_PORT: `${port}`,
        CANDLECAST_SLOW_READER_MS: SLOW_READER_MS,
        TZ: TIME_ZONES[index] ?? 'UTC',
        ...NO_LIMITS,
      },
    })),
  );
  const gateways = {
    ports,
    all,
    untilReady: (index: number) => until(async () => (await all[index]?.current.isReady()) ?? false, `gateway ${index} takes requests`),
    stop: async () => void (await Promise.all(all.map((supervisor) => supervisor.stop()))),
  };
  try {
    await Promise.all(ports.map((_, index) => gateways.untilReady(index)));
  } catch (cause) {
    await gateways.stop();
    throw new Error(`a gateway does not start:\n${all.flatMap((supervisor) => supervisor.logTail(20)).join('\n')}`, { cause });
  }
  return gateways;
}
