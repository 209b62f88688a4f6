import type { Candle, CandleStreamEvent } from '@candlecast/client';
import { parseStreamCursor } from '@candlecast/domain';
import type { StreamPlan } from '../run/plan.ts';
import type { DurableEvent, Telling } from './told.ts';

/** What one subscriber has been given, over all its connections and restarts. */
export interface StreamRecord {
  readonly plan: StreamPlan;
  /** Place in the log after which it was to hear everything; undefined until the gateway has named it. */
  readonly base: number | undefined;
  /** Places of the durable events that it was given, in the order in which they came. */
  readonly seqs: readonly number[];
  /** Up to where it has been told that it has everything. */
  readonly reached: number;
  /** Cursor that a new process would go on after. */
  readonly cursor: string | undefined;
  /** What a chart would show: the snapshot with the events applied, by symbol and open time. */
  readonly shown: ReadonlyMap<string, ReadonlyMap<string, Candle>>;
  /** Open time of the oldest candle of each snapshot. */
  readonly shownFrom: ReadonlyMap<string, string>;
  /** Number of the connection on which it was last live. */
  readonly liveOn: number;
  readonly updates: number;
  readonly recoveries: number;
  /** What is wrong in itself, whatever the log says. */
  readonly faults: readonly string[];
  /** Takes an event that came over connection number `connection` to `gateway`. */
  take(event: CandleStreamEvent, connection: number, gateway: number): void;
  fail(fault: string): void;
}

const SHOWN_FAULTS = 5;

/** Returns the record of a subscriber that has heard nothing; `after` is its first cursor where it has one. */
export function openStreamRecord(plan: StreamPlan, after: string | undefined, telling: Telling): StreamRecord {
  const seqs: number[] = [];
  const faults: string[] = [];
  const shown = new Map<string, Map<string, Candle>>();
  const shownFrom = new Map<string, string>();
  const snapshots = new Map<string, number>();
  const record = {
    plan,
    base: after === undefined ? undefined : toSeq(after),
    seqs,
    reached: 0,
    cursor: after,
    shown,
    shownFrom,
    liveOn: 0,
    updates: 0,
    recoveries: 0,
    faults,
    take,
    fail,
  };
  let isStarted = after !== undefined;

  function fail(fault: string): void {
    if (faults.length < SHOWN_FAULTS) faults.push(fault);
  }

  function take(event: CandleStreamEvent, connection: number, gateway: number): void {
    if (event.kind === 'update') record.updates += 1;
    else if (event.kind === 'recovered') record.recoveries += 1;
    else if (event.kind === 'reset') fail(`sent back to the beginning: ${event.code}`);
    else if (event.kind === 'snapshot') takeSnapshot(event);
    else if (event.kind === 'heartbeat') takeHeartbeat(event.cursor, connection);
    else takeDurable(event, gateway);
  }

  /** One that was cut before its first heartbeat gets its snapshots again. */
  function takeSnapshot({ symbol, candles, cursor }: Extract<CandleStreamEvent, { kind: 'snapshot' }>): void {
    if (isStarted) fail(`a snapshot of ${symbol} after the beginning`);
    snapshots.set(symbol, toSeq(cursor));
    shown.set(symbol, new Map(candles.filter(({ isClosed }) => isClosed).map((candle) => [candle.openTime, candle])));
    if (candles[0]) shownFrom.set(symbol, candles[0].openTime);
  }

  function takeHeartbeat(cursor: string, connection: number): void {
    const seq = toSeq(cursor);
    if (!isStarted) begin(seq);
    const last = seqs.at(-1) ?? record.base ?? 0;
    if (seq < last) fail(`a heartbeat at ${seq} after the event at ${last}`);
    record.reached = Math.max(record.reached, seq);
    record.cursor = cursor;
    record.liveOn = connection;
  }

  function begin(seq: number): void {
    isStarted = true;
    record.base = seq;
    if (plan.snapshot === 0) return;
    record.base = Math.max(...snapshots.values());
    const places = new Set(snapshots.values());
    if (snapshots.size !== plan.symbols.length) fail(`live with ${snapshots.size} snapshots of ${plan.symbols.length}`);
    if (places.size > 1) fail(`snapshots of one subscription are of different places: ${[...places].join(', ')}`);
  }

  function takeDurable(event: DurableEvent, gateway: number): void {
    const seq = toSeq(event.cursor);
    if (!isStarted) fail(`the event at ${seq} before the subscription was live`);
    const last = seqs.at(-1) ?? record.base ?? 0;
    if (seq <= last) fail(`the event at ${seq} after the one at ${last}`);
    seqs.push(seq);
    record.reached = Math.max(record.reached, seq);
    record.cursor = event.cursor;
    const fault = telling.note(seq, plan.interval, event, gateway);
    if (fault !== undefined) fail(fault);
    if (event.kind !== 'gap') show(event.symbol, event.candle);
  }

  /** A chart has no place for corrections of what lies before it. */
  function show(symbol: string, candle: Candle): void {
    const from = shownFrom.get(symbol);
    if (from !== undefined && candle.openTime >= from) shown.get(symbol)?.set(candle.openTime, candle);
  }

  return record;
}

/** Place in the log that a cursor names. */
export function toSeq(cursor: string): number {
  const parsed = parseStreamCursor(cursor);
  if (!parsed.ok) throw parsed.error;
  return parsed.value.seq;
}
