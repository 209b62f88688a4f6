import { createStore, type StoreApi } from 'zustand/vanilla';

/** The state of the page's one socket. It says nothing about how old the data is. */
export interface Connection {
  readonly state: 'connecting' | 'connected' | 'reconnecting';
  /** How many closed candles the last reconnect has caught up on; a new object with each change, undefined before there is one. */
  readonly recovered: { readonly count: number } | undefined;
}

export type ConnectionStore = StoreApi<Connection>;

export function createConnectionStore(): ConnectionStore {
  return createStore<Connection>(() => ({ state: 'connecting', recovered: undefined }));
}

/** Adds what one stream has caught up on to the count of this reconnect. */
export function countRecovered(connection: ConnectionStore, candles: number): void {
  connection.setState(({ recovered }) => ({ recovered: { count: (recovered?.count ?? 0) + candles } }));
}
