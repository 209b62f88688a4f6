import type { Client } from '@urql/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type AlertFields,
  AlertFiredDocument,
  AlertsDocument,
  CreateAlertDocument,
  type CreateAlertInput,
  DeleteAlertDocument,
  type FiringFields,
} from '../graphql/documents/alerts.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';

export interface AlertsState {
  readonly phase: 'loading' | 'ready' | 'refused';
  readonly failure: Failure | undefined;
  /** The visitor's alerts, oldest first. */
  readonly alerts: readonly AlertFields[];
  /** What they have fired, the newest first. */
  readonly firings: readonly FiringFields[];
  /** How many have fired since somebody looked. */
  readonly unseen: number;
}

/** The visitor's alerts: what they look at and what they have fired. */
export interface AlertFeed {
  readonly state: StoreApi<AlertsState>;
  /** Begins to listen. Returns how to stop. */
  start(): () => void;
  /** Makes an alert. Returns why not, or undefined. */
  create(input: CreateAlertInput): Promise<Failure | undefined>;
  /** Deletes an alert. Why it could not be is the state's failure. */
  remove(id: string): Promise<void>;
  /** Somebody has looked at the firings. */
  see(): void;
}

interface Options {
  readonly client: Client;
  /** Told of every firing once, as it happens. */
  readonly onFired: (firing: FiringFields, title: string) => void;
}

/** The firings that are listed: what the API keeps beyond is older. */
const FIRINGS = 50;

export function createAlertFeed({ client, onFired }: Options): AlertFeed {
  const state = createStore<AlertsState>(() => ({ phase: 'loading', failure: undefined, alerts: [], firings: [], unseen: 0 }));
  let reading: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return { state, start, create, remove, see: () => state.setState({ unseen: 0 }) };

  function start(): () => void {
    const fired = client.subscription(AlertFiredDocument, {}).subscribe(({ data }) => {
      const event = data?.alertFired;
      if (event?.__typename === 'StreamReset') void load();
      if (event?.__typename !== 'AlertFiringEvent') return;
      const { firing, symbol, note } = event;
      if (state.getState().firings.some(({ id }) => id === firing.id)) return;
      state.setState(({ firings, unseen }) => ({ firings: [firing, ...firings].slice(0, FIRINGS), unseen: unseen + 1 }));
      onFired(firing, note ?? symbol);
      void load();
    });
    void load();
    return () => fired.unsubscribe();
  }

  /** Reads everything anew. What is asked while an answer is on its way is asked again after it: that answer may be of before. */
  function load(): Promise<void> {
    waiting ??= reading.then(() => {
      waiting = undefined;
      reading = read();
      return reading;
    });
    return waiting;
  }

  /** Visitors of a web app without a key of its own have no alerts: the API says so. */
  async function read(): Promise<void> {
    const { data, error } = await client.query(AlertsDocument, {}, { requestPolicy: 'network-only' }).toPromise();
    if (error || !data) {
      const failure = toFailure(error);
      const isRefused = failure.code === 'UNAUTHENTICATED' || failure.code === 'FORBIDDEN';
      state.setState(({ phase }) => ({ phase: isRefused ? 'refused' : phase, failure }));
      return;
    }
    const listed = data.alertFirings.edges.map(({ node }) => node);
    state.setState(({ firings }) => {
      const newer = firings.filter(({ id, at }) => at >= (listed[0]?.at ?? '') && !listed.some((known) => known.id === id));
      return { phase: 'ready', failure: undefined, alerts: data.alerts, firings: [...newer, ...listed].slice(0, FIRINGS) };
    });
  }

  async function create(input: CreateAlertInput): Promise<Failure | undefined> {
    const { error } = await client.mutation(CreateAlertDocument, { input }).toPromise();
    await load();
    return error && toFailure(error);
  }

  async function remove(id: string): Promise<void> {
    const { error } = await client.mutation(DeleteAlertDocument, { id }).toPromise();
    await load();
    if (error) state.setState({ failure: toFailure(error) });
  }
}
