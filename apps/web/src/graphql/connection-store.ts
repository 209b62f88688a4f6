import { createStore, type StoreApi } from 'zustand/vanilla';

/** The state of the page's one socket. It says nothing about how old the data is. */
export interface Connection {
  readonly state: 'connecting' | 'connected' | 'reconnecting';
  /** How many closed candles the last reconnect caught up on; a new object each time, undefined before the first. */
  readonly recovered: { readonly count: number } | undefined;
}

export type ConnectionStore = StoreApi<Connection>;

export function createConnectionStore(): ConnectionStore {
  return createStore<Connection>(() => ({ state: 'connecting', recovered: undefined }));
}
