import { FakeClock } from '@candlecast/testkit';
import { type ExchangeSim, type ExchangeSimOptions, startExchangeSim } from '../exchange-sim.ts';
import type { FaultRecord } from '../faults/fault.ts';
import { FrameCollector } from '../stream/frame-collector.ts';

/** A moment ten seconds before a minute closes. */
export const NOW = Date.UTC(2026, 10, 20, 12, 34, 50);

/** A wrapped event of any stream. */
export interface WrappedEvent {
  readonly stream: string;
  readonly data: { readonly e?: string; readonly E: number; readonly s: string; readonly k?: KlineFields } & Readonly<
    Record<string, unknown>
  >;
}

/** The fields of a kline event that tests look at. */
export interface KlineFields {
  readonly t: number;
  readonly T: number;
  readonly i: string;
  readonly x: boolean;
  readonly n: number;
  readonly v: string;
}

/** A simulator of two pairs on a clock that the test moves, with its clients. */
export interface SimRig {
  readonly clock: FakeClock;
  readonly sim: ExchangeSim;
  /** Names of the events that were logged. */
  readonly logged: readonly string[];
  /** Opens a combined link; `path` other than /stream?streams= for raw ones. */
  connect(streams: string, path?: string): Promise<FrameCollector>;
  /** Sends a fault by the admin interface. */
  post(fault: object): Promise<FaultRecord>;
  /** Reads the faults by the admin interface. */
  faults(): Promise<FaultRecord[]>;
  /** Calls REST. */
  call(path?: string): Promise<Response>;
  close(): Promise<void>;
}

/** Starts a rig with BTCUSDT and ETHUSDT. */
export async function startRig(options: Partial<ExchangeSimOptions> = {}): Promise<SimRig> {
  const clock = new FakeClock(NOW);
  const logged: string[] = [];
  const clients: FrameCollector[] = [];
  const sim = await startExchangeSim({
    source: { kind: 'simulated', symbols: ['BTCUSDT', 'ETHUSDT'], pairCount: 2 },
    wallClock: clock,
    log: (event) => logged.push(event),
    ...options,
  });
  const admin = `${sim.restUrl}/admin/faults`;
  return {
    clock,
    sim,
    logged,
    async connect(streams, path = '/stream?streams=') {
      const client = new FrameCollector(`${sim.wsUrl}${path}${streams}`);
      clients.push(client);
      return client.opened();
    },
    post: async (fault) => (await (await fetch(admin, { method: 'POST', body: JSON.stringify(fault) })).json()) as FaultRecord,
    faults: async () => (await (await fetch(admin)).json()) as FaultRecord[],
    call: (path = 'time') => fetch(`${sim.restUrl}/api/v3/${path}`),
    async close() {
      for (const client of clients) client.socket.terminate();
      await sim.close();
    },
  };
}

/** Returns the closing klines of a stream in the order in which they came. */
export function closesOf(client: FrameCollector, stream: string): (KlineFields & { readonly E: number })[] {
  return client.all<WrappedEvent>().flatMap(({ stream: name, data }) => (name === stream && data.k?.x ? [{ ...data.k, E: data.E }] : []));
}
