import { type Alert, type AlertFiring, candleKey, type LogEvent, type LogTopic } from '@candlecast/domain';
import type { DeskSelection } from '../desk/read-on.ts';
import type { AlertKind } from './alert-kind.ts';

/** An alert with its kind. */
export interface Watched<K extends AlertKind = AlertKind> {
  readonly alert: Alert;
  readonly kind: K;
}

/** The alerts that are looked after, by what they look at. */
export interface AlertIndex {
  find(id: AlertFiring['alertId']): Watched | undefined;
  /** Those that may want this entry of the log. */
  ofEvent(event: Pick<LogEvent, 'topic' | 'key'>): readonly string[];
  all(): Iterable<Watched>;
  /** What of the log they want together. */
  readonly selection: DeskSelection | undefined;
  /** Puts an alert in place of the one with its id. */
  replace(alert: Alert): void;
  remove(id: string): void;
}

/** So many keys are asked for by name; of more, everything is read and looked up here. */
const MOST_KEYS = 500;

/** Returns the index of `alerts`; one of a kind that this program does not know is left out. */
export function createAlertIndex(alerts: readonly Alert[], kinds: readonly AlertKind[]): AlertIndex {
  const watched = new Map<string, Watched>();
  const byEvent = new Map<string, string[]>();
  const topics = new Set<LogTopic>();
  const keys = new Set<string>();
  for (const alert of alerts) {
    const kind = kinds.find(({ name }) => name === alert.kind);
    if (!kind) continue;
    watched.set(alert.id, { alert, kind });
    const wanted = toWanted(alert, kind);
    if (!wanted) continue;
    const name = `${wanted.topic} ${wanted.key}`;
    byEvent.set(name, [...(byEvent.get(name) ?? []), alert.id]);
    keys.add(wanted.key);
    topics.add(wanted.topic);
    // What was read of a series that is corrected is read anew.
    if (wanted.topic === 'candle.closed') topics.add('candle.corrected');
  }
  return {
    find: (id) => watched.get(id),
    ofEvent: ({ topic, key }) => byEvent.get(`${topic} ${key}`) ?? [],
    all: () => watched.values(),
    selection: topics.size === 0 ? undefined : { topics: [...topics], keys: keys.size > MOST_KEYS ? undefined : [...keys] },
    replace(alert) {
      const known = watched.get(alert.id);
      if (known) watched.set(alert.id, { ...known, alert });
    },
    remove: (id) => void watched.delete(id),
  };
}

function toWanted({ rule, instrumentId }: Alert, kind: AlertKind): { readonly topic: LogTopic; readonly key: string } | undefined {
  if (kind.from === 'candles') return { topic: 'candle.closed', key: candleKey(instrumentId, kind.seriesOf(rule).interval) };
  return kind.from === 'forecasts' ? { topic: 'forecast.issued', key: instrumentId } : undefined;
}
