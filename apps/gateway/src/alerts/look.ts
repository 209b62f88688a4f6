import { randomUUID } from 'node:crypto';
import {
  type Alert,
  type AlertChange,
  type CandleReader,
  closeTimeOf,
  type EpochMs,
  type FeedStatus,
  type Forecast,
  type ForecastReader,
  type LogEvent,
  type NewAlertFiring,
  splitInstrumentId,
  type Venue,
} from '@candlecast/domain';
import type { Venues } from '../market/venues.ts';
import type { AlertIndex, Watched } from './alert-index.ts';
import type { CandleKind, ForecastKind, MomentKind, Reading } from './alert-kind.ts';
import type { CandleWindows } from './candle-windows.ts';
import { type Evaluated, evaluate, isOver, type Occasion } from './evaluate.ts';

/** What alerts look at beside the log. */
export interface LookSources {
  readonly candles: Pick<CandleReader, 'findCandles' | 'findNewest'>;
  readonly forecasts: Pick<ForecastReader, 'findLatestForecasts'>;
  readonly venues: Pick<Venues, 'now'>;
  findFeed(venue: Venue): FeedStatus | undefined;
}

/** What has become of alerts in one pass, to be stored whole or not at all. */
export interface Findings {
  readonly changes: readonly AlertChange[];
  readonly firings: readonly NewAlertFiring[];
  /** The alerts that are looked after no longer, and the others as they are now. */
  apply(index: AlertIndex): void;
}

/** One pass of all alerts. */
export interface Look {
  /** Lets those that want it look at an entry of the log. */
  takeEvent(event: LogEvent): Promise<void>;
  /** Lets those that look at how things are look now; ends those whose time is over. */
  takeMoment(): Promise<void>;
  findings(): Findings;
}

/** Begins a pass. */
export function beginLook(index: AlertIndex, windows: CandleWindows, sources: LookSources): Look {
  const seen = new Map<string, Evaluated>();
  const firings: NewAlertFiring[] = [];

  function now(id: string): Watched | undefined {
    const watched = index.find(id);
    const before = seen.get(id);
    if (!watched || (before && before.state !== 'ACTIVE')) return undefined;
    return before ? { ...watched, alert: before.alert } : watched;
  }

  function take({ alert }: Watched, readings: readonly Reading[], occasion: Occasion): void {
    const evaluated = evaluate(alert, readings, occasion, randomUUID);
    const isFirst = alert.memory !== null && now(alert.id)?.alert.memory === null;
    if (!evaluated.hasChanged && !isFirst) return;
    seen.set(alert.id, evaluated);
    if (evaluated.firing) firings.push(evaluated.firing);
  }

  return {
    async takeEvent(event) {
      if (event.topic === 'candle.corrected') windows.forget(event.key);
      for (const id of index.ofEvent(event)) {
        const watched = now(id);
        if (!watched || !isAfter(watched.alert, event)) continue;
        const readings = await readEvent(watched, event, windows, sources);
        if (readings)
          take(readings.watched, readings.readings, { source: `${event.epoch}.${event.seq}`, at: readings.at, loggedAt: event.at });
      }
    },
    async takeMoment() {
      const lookers = [...index.all()].flatMap(({ alert }) => now(alert.id) ?? []);
      const times = new Map<Venue, EpochMs>();
      for (const { alert } of lookers) {
        const { venue } = splitInstrumentId(alert.instrumentId);
        if (!times.has(venue)) times.set(venue, await sources.venues.now(venue));
      }
      const ofMoment = lookers.filter((one): one is Watched<MomentKind<Alert['rule']>> => one.kind.from === 'moments');
      const ids = [...new Set(ofMoment.map(({ alert }) => alert.instrumentId))];
      const newest = ids.length === 0 ? [] : await sources.candles.findNewest(ids);
      const closes = new Map(newest.map(({ instrumentId, candle }) => [instrumentId, closeTimeOf(candle.openTime, '1m')]));
      for (const watched of ofMoment) {
        const { venue } = splitInstrumentId(watched.alert.instrumentId);
        const at = times.get(venue);
        if (at === undefined) continue;
        const moment = { now: at, lastCloseTime: closes.get(watched.alert.instrumentId), feed: sources.findFeed(venue) };
        take(watched, watched.kind.read(watched.alert.rule, moment), { source: `moment.${at}`, at, loggedAt: at });
      }
      for (const { alert } of lookers) {
        const at = times.get(splitInstrumentId(alert.instrumentId).venue);
        const watched = now(alert.id);
        if (watched && at !== undefined && isOver(alert, at)) {
          seen.set(alert.id, { alert: watched.alert, state: 'EXPIRED', firing: undefined, hasChanged: true });
        }
      }
    },
    findings: () => ({
      changes: [...seen.values()].map(({ alert: { id, memory, lastFiredAt }, state }) => ({ alertId: id, state, memory, lastFiredAt })),
      firings,
      apply(to) {
        for (const { alert, state } of seen.values()) {
          if (state === 'ACTIVE') to.replace(alert);
          else to.remove(alert.id);
        }
      },
    }),
  };
}

function isAfter({ createdAfter }: Alert, { epoch, seq }: LogEvent): boolean {
  return createdAfter.epoch !== epoch || seq > createdAfter.seq;
}

interface Seen {
  readonly watched: Watched;
  readonly readings: readonly Reading[];
  readonly at: EpochMs;
}

async function readEvent(watched: Watched, event: LogEvent, windows: CandleWindows, sources: LookSources): Promise<Seen | undefined> {
  const { kind } = watched;
  if (kind.from === 'candles' && event.topic === 'candle.closed') return readCandles(watched, kind, event, windows);
  if (kind.from === 'forecasts' && event.topic === 'forecast.issued') {
    return readForecast(watched, kind, event.payload.forecast, sources);
  }
  return undefined;
}

/** One that has seen nothing yet counts as having seen the candle before: it was made after that one's close. */
async function readCandles(
  watched: Watched,
  kind: CandleKind<Alert['rule']>,
  event: Extract<LogEvent, { topic: 'candle.closed' }>,
  windows: CandleWindows,
): Promise<Seen> {
  const { alert } = watched;
  const { instrumentId: id, interval, candle } = event.payload;
  const { count } = kind.seriesOf(alert.rule);
  const found = await windows.upTo({ id, interval }, { openTime: candle.openTime, close: candle.close }, count + (alert.memory ? 0 : 1));
  const at = closeTimeOf(candle.openTime, interval);
  const readings = kind.read(alert.rule, found.slice(-count));
  if (alert.memory) return { watched, readings, at };
  const before = kind.read(alert.rule, found.slice(0, -1));
  const primed = evaluate(alert, before, { source: '', at, loggedAt: event.at }, () => '').alert;
  return { watched: { ...watched, alert: primed }, readings, at };
}

/** Only what is served as the newest forecast counts: the others are those that it is measured by. */
async function readForecast(
  watched: Watched,
  kind: ForecastKind<Alert['rule']>,
  forecast: Forecast,
  { forecasts }: LookSources,
): Promise<Seen | undefined> {
  const { rule } = watched.alert;
  const { id, instrumentId, horizon, issuedAt } = forecast;
  if (kind.horizonOf(rule) !== horizon) return undefined;
  const [served] = await forecasts.findLatestForecasts([instrumentId], [horizon], { kind: 'knownAt', at: issuedAt });
  return served?.id === id ? { watched, readings: kind.read(rule, forecast), at: issuedAt } : undefined;
}
