import {
  addMs,
  DAY_MS,
  type EpochMs,
  type Instrument,
  type InstrumentId,
  type LogEvent,
  MINUTE_MS,
  type TimeRange,
} from '@candlecast/domain';
import { type BarSource, readStoredBars } from '../dataset/stored-bars.ts';
import type { Bar } from '../features/bar.ts';
import { LIVE_BARS, LIVE_HISTORY_DAYS } from '../features/live-bars.ts';

/** What is told of an instrument bar by bar. */
export interface BarMachine {
  /** Takes the next bar of the grid in order; undefined for one that is missing. */
  push(openTime: EpochMs, bar: Bar | undefined): void;
}

/** A close for which forecasts are made. */
export interface ServedClose {
  readonly instrumentId: InstrumentId;
  readonly asOf: EpochMs;
}

/** Keeps a machine of each instrument at its newest closed bar. */
export interface BarKeeper<Machine extends BarMachine> {
  /** Reads the histories that are not there, or have changed since they were read; the former machine serves until then. */
  load(instruments: readonly Instrument[], signal: AbortSignal): Promise<void>;
  /** Moves the machines of these instruments on to their newest bars, which must be stored. */
  advance(closes: readonly ServedClose[]): Promise<void>;
  /** Hears of a change of candles. */
  note(event: LogEvent): void;
  /** Returns the machine whose newest bar is the last that closed by `asOf`; undefined where there is none. */
  find(close: ServedClose): Machine | undefined;
}

interface Entry<Machine> {
  readonly machine: Machine;
  /** Open time of the bar that comes next. */
  next: EpochMs;
}

const { interval, stepMs } = LIVE_BARS;
const HISTORY_MS = LIVE_HISTORY_DAYS * DAY_MS;

/** Returns the close of the last bar that had closed by `time`. */
export function lastBarClose(time: EpochMs): EpochMs {
  return addMs(time, -(time % stepMs));
}

/** Returns a keeper without machines. `create` returns a new one; undefined for an instrument that is not served. */
export function createBarKeeper<Machine extends BarMachine>(
  candles: BarSource,
  create: (id: InstrumentId) => Machine | undefined,
): BarKeeper<Machine> {
  const entries = new Map<InstrumentId, Entry<Machine>>();
  const changed = new Set<InstrumentId>();

  /** Bars that are missing before a stored one are passed over; those at the end may still come. */
  async function readOn(id: InstrumentId, entry: Entry<Machine>, to: EpochMs): Promise<void> {
    for await (const page of readStoredBars(candles, id, interval, stepMs, { from: entry.next, to })) {
      for (const { openTime, bar } of page) {
        if (openTime < entry.next) continue;
        for (; entry.next < openTime; entry.next = addMs(entry.next, stepMs)) entry.machine.push(entry.next, undefined);
        entry.machine.push(openTime, bar);
        entry.next = addMs(openTime, stepMs);
      }
    }
  }

  return {
    async load(instruments, signal) {
      for (const { id, watermark, firstOpenTime } of instruments) {
        if (signal.aborted) return;
        if (watermark === null || firstOpenTime === null || (entries.has(id) && !changed.has(id))) continue;
        const machine = create(id);
        if (!machine) continue;
        changed.delete(id);
        const end = lastBarClose(addMs(watermark, MINUTE_MS));
        const first = lastBarClose(addMs(firstOpenTime, stepMs - 1));
        const from = addMs(end, -HISTORY_MS);
        const entry = { machine, next: from > first ? from : first };
        await readOn(id, entry, end);
        entries.set(id, entry);
      }
    },
    async advance(closes) {
      for (const { instrumentId, asOf } of closes) {
        const entry = entries.get(instrumentId);
        const end = lastBarClose(asOf);
        if (entry && entry.next < end) await readOn(instrumentId, entry, end);
      }
    },
    note({ topic, payload }) {
      if (topic === 'candles.backfilled') noteChange(payload.instrumentId, payload);
      if (topic === 'candle.corrected') {
        const { openTime } = payload.candle;
        noteChange(payload.instrumentId, { from: openTime, to: addMs(openTime, MINUTE_MS) });
      }
    },
    find({ instrumentId, asOf }) {
      const entry = entries.get(instrumentId);
      return entry?.next === lastBarClose(asOf) ? entry.machine : undefined;
    },
  };

  /** What lies before the window or in the bar that is still open changes nothing that was read; what is being read may have been read before. */
  function noteChange(id: InstrumentId, { from, to }: TimeRange): void {
    const entry = entries.get(id);
    if (!entry || (from < entry.next && to > entry.next - HISTORY_MS)) changed.add(id);
  }
}
