/** What a server process is told. Every order is answered once it is done. */
export type ServerOrder =
  | { readonly do: 'open'; readonly databaseUrl: string }
  /** Makes ticks until `stop`: each is one event of every symbol from `first` to before `last`. */
  | { readonly do: 'start'; readonly first: number; readonly last: number; readonly ticksASecond: number }
  /** Makes ticks at once, without a pause. */
  | { readonly do: 'burst'; readonly first: number; readonly last: number; readonly ticks: number }
  | { readonly do: 'stop' }
  | { readonly do: 'look' }
  /** Collects garbage as fully as can be: what follows is slower than in a server that has run for a while. */
  | { readonly do: 'collect' };

/** What a server process says of itself. */
export interface ServerState {
  readonly port: number;
  /** User and system time since its start, in microseconds. */
  readonly cpuUs: number;
  readonly residentBytes: number;
  readonly events: number;
}

/** The subscriptions of one socket: what each follows, and the position in the log after which it begins. */
export type SocketPlan = readonly { readonly symbols: readonly number[]; readonly after?: number }[];

/** What a client process is told. */
export type ClientOrder =
  | {
      readonly do: 'connect';
      readonly port: number;
      readonly sockets: readonly SocketPlan[];
      readonly isStalled: boolean;
      /** Every subscription has the same id: a bare broadcast sends the same bytes to all. */
      readonly hasOneId: boolean;
    }
  /** Forgets latencies and counts. */
  | { readonly do: 'reset' }
  | { readonly do: 'look' }
  | { readonly do: 'close' };

/** What a client process has seen since the last reset, but for what is said otherwise. */
export interface ClientState {
  readonly deliveries: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Messages that did not follow the one before of their symbol, ever. */
  readonly wrong: number;
  /** Subscriptions that have had a candle of every symbol, ever. */
  readonly complete: number;
  /** Results without data, ever. */
  readonly refused: number;
  readonly open: number;
  /** Sockets that the server closed, by code. */
  readonly closes: Readonly<Record<string, number>>;
}
