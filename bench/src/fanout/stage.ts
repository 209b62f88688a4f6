import { setTimeout as delay } from 'node:timers/promises';
import type { Programs } from './build-programs.ts';
import type { ClientOrder, ClientState, ServerOrder, ServerState, SocketPlan } from './commands.ts';
import { type BenchProcess, startProcess } from './process.ts';

export type ServerKind = 'gateway' | 'perSubscriber' | 'broadcast';

/** A server and its clients, each in processes of their own. */
export interface Stage {
  /** Connects sockets, shared out over the client processes, and returns once every subscription is on its way. */
  connect(sockets: readonly SocketPlan[]): Promise<void>;
  /** The same in a process of their own that stops reading as soon as it has subscribed. */
  connectStalled(sockets: readonly SocketPlan[]): Promise<void>;
  /** A figure of the gateway's `/metrics`. */
  metric(name: string): Promise<number>;
  /** Sends ticks of the symbols until every subscription has had a candle of each of its symbols. */
  warmUp(first: number, last: number, subscriptions: number): Promise<void>;
  /** Makes ticks for a while and returns what it cost and what came, after a warm-up with the same load. Fails when a candle was lost, repeated or out of order. */
  run(load: Load): Promise<Run>;
  server(order: ServerOrder): Promise<ServerState>;
  clients(order: ClientOrder): Promise<ClientState>;
  end(): Promise<void>;
}

/** Ticks of the symbols from `first` to before `last`. */
export interface Load {
  readonly first: number;
  readonly last: number;
  readonly ticksASecond: number;
  readonly seconds: number;
}

/** What a load cost and what came. */
export interface Run {
  readonly deliveriesASecond: number;
  /** User and system time of the server for a delivery. */
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytesAMessage: number;
}

const CLIENT_PROCESSES = 2;
const SETTLE_MS = 100;
/** How long a server is under the load before anything is measured: it has just connected everybody. */
const WARM_UP_MS = 5_000;
/** How long what is under way may take to arrive. */
const ARRIVAL_MS = 120_000;

/** Starts a server and its client processes. */
export async function openStage(programs: Programs, kind: ServerKind, databaseUrl: string): Promise<Stage> {
  const process = startProcess<ServerOrder, ServerState>(programs[kind]);
  const { port } = await process.order({ do: 'open', databaseUrl });
  const clientProcesses: BenchProcess<ClientOrder, ClientState>[] = [];
  for (let index = 0; index < CLIENT_PROCESSES; index++) clientProcesses.push(startProcess(programs.client));

  const others: BenchProcess<ClientOrder, ClientState>[] = [];

  const hasOneId = kind === 'broadcast';

  async function clients(order: ClientOrder): Promise<ClientState> {
    const states = await Promise.all(clientProcesses.map((each) => each.order(order)));
    const sum = (of: (state: ClientState) => number) => states.reduce((total, state) => total + of(state), 0);
    const closes: Record<string, number> = {};
    for (const state of states) for (const [code, count] of Object.entries(state.closes)) closes[code] = (closes[code] ?? 0) + count;
    return {
      closes,
      deliveries: sum(({ deliveries }) => deliveries),
      bytes: sum(({ bytes }) => bytes),
      wrong: sum(({ wrong }) => wrong),
      complete: sum(({ complete }) => complete),
      refused: sum(({ refused }) => refused),
      open: sum(({ open }) => open),
      p50Ms: Math.max(...states.map(({ p50Ms }) => p50Ms)),
      p99Ms: Math.max(...states.map(({ p99Ms }) => p99Ms)),
    };
  }

  /** Waits until no more deliveries come. */
  async function quiet(): Promise<ClientState> {
    let before = await clients({ do: 'look' });
    for (const until = performance.now() + ARRIVAL_MS; performance.now() < until; ) {
      await delay(4 * SETTLE_MS);
      const now = await clients({ do: 'look' });
      if (now.deliveries === before.deliveries) return now;
      before = now;
    }
    throw new Error('deliveries come without end');
  }

  return {
    clients,
    server: (order) => process.order(order),
    async connect(sockets) {
      const share = Math.ceil(sockets.length / CLIENT_PROCESSES);
      await Promise.all(
        clientProcesses.map((each, index) =>
          each.order({ do: 'connect', port, sockets: sockets.slice(index * share, (index + 1) * share), isStalled: false, hasOneId }),
        ),
      );
    },
    async connectStalled(sockets) {
      const stalled = startProcess<ClientOrder, ClientState>(programs.client);
      others.push(stalled);
      await stalled.order({ do: 'connect', port, sockets, isStalled: true, hasOneId });
      await delay(1_000); // the last have stopped
    },
    async metric(name) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
    },
    async warmUp(first, last, subscriptions) {
      for (const until = performance.now() + ARRIVAL_MS; performance.now() < until; ) {
        await process.order({ do: 'burst', first, last, ticks: 1 });
        const { complete, refused } = await quiet();
        if (refused > 0) throw new Error(`${refused} subscriptions were refused`);
        if (complete === subscriptions) return;
      }
      throw new Error('not every subscription has begun');
    },
    async run({ first, last, ticksASecond, seconds }) {
      await process.order({ do: 'start', first, last, ticksASecond });
      await delay(WARM_UP_MS);
      await clients({ do: 'reset' });
      const before = await process.order({ do: 'look' });
      const startedAt = performance.now();
      await delay(seconds * 1_000);
      await process.order({ do: 'stop' });
      const tookS = (performance.now() - startedAt) / 1_000;
      const { deliveries, bytes, wrong, p50Ms, p99Ms } = await quiet();
      const { cpuUs } = await process.order({ do: 'stop' });
      if (wrong > 0) throw new Error(`${wrong} candles did not follow the one before`);
      const arrivedS = Math.max(tookS, (performance.now() - startedAt) / 1_000 - 8 * SETTLE_MS * 0.001);
      return {
        deliveriesASecond: deliveries / arrivedS,
        cpuUs: (cpuUs - before.cpuUs) / deliveries,
        p50Ms,
        p99Ms,
        bytesAMessage: bytes / deliveries,
      };
    },
    async end() {
      await Promise.all([...clientProcesses, ...others, process].map((each) => each.end()));
    },
  };
}
