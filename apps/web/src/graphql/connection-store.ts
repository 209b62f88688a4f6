import { createStore, type StoreApi } from 'zustand/vanilla';

/** The state of the page's one socket. It says nothing about how old the data is. */
export interface Connection {
  readonly state: 'connecting' | 'connected' | 'reconnecting';
  /** How many closed candles the last reconnect has caught up on; a new object with each change, undefined before there is one. */
  readonly recovered: { readonly count: number } | undefined;
  /** Whether the streams stand still because nobody sees the page. */
  readonly isPaused: boolean;
  /** How often the streams have been taken up again, after a cut or a pause. One without a cursor has missed what came in between. */
  readonly resumed: number;
}

export type ConnectionStore = StoreApi<Connection>;

export function createConnectionStore(): ConnectionStore {
  return createStore<Connection>(() => ({ state: 'connecting', recovered: undefined, isPaused: false, resumed: 0 }));
}

/** Adds what one stream has caught up on to the count of this reconnect. */
export function countRecovered(connection: ConnectionStore, candles: number): void {
  connection.setState(({ recovered }) => ({ recovered: { count: (recovered?.count ?? 0) + candles } }));
}

/** Takes down that the streams stand still now, or that they go on. */
export function setPaused(connection: ConnectionStore, isPaused: boolean): void {
  connection.setState(({ resumed }) => ({ isPaused, resumed: isPaused ? resumed : resumed + 1 }));
}

/** Takes down what has become of the socket. */
export function setSocketState(connection: ConnectionStore, state: Connection['state']): void {
  connection.setState((before) => {
    if (state === 'reconnecting') return { state, recovered: undefined };
    return { state, resumed: before.state === 'reconnecting' ? before.resumed + 1 : before.resumed };
  });
}
