import { createStore, type StoreApi } from 'zustand/vanilla';

/** Ids of alerts that this browser is quiet about. They go on firing, and are listed. */
export type MutedAlerts = StoreApi<{ readonly ids: readonly string[] }>;

/** Where texts are kept between visits: a browser's `localStorage`. */
export interface TextStore {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

const NAME = 'candlecast-muted-alerts';
/** An owner has at most 50 alerts: ids of those that are gone drop out. */
const MOST = 200;

/** Opens the list. What is kept and cannot be read counts as an empty one. */
export function openMutedAlerts(store: TextStore): MutedAlerts {
  return createStore(() => ({ ids: parseIds(store.getItem(NAME)) }));
}

/** Mutes an alert, or lets it be heard again, and keeps that. */
export function toggleMuted(muted: MutedAlerts, store: TextStore, id: string): void {
  const { ids } = muted.getState();
  const next = ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id].slice(-MOST);
  muted.setState({ ids: next });
  store.setItem(NAME, JSON.stringify(next));
}

function parseIds(text: string | null): readonly string[] {
  try {
    const ids: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string').slice(-MOST) : [];
  } catch {
    return []; // not ours
  }
}
