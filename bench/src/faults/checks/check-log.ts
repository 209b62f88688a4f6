import { type CandleValues, DAY_MS, type EpochMs, floorToInterval, type TimeRange, toIso } from '@candlecast/domain';
import type { World } from '../world/world.ts';
import { differingFields, findEntries, findRelation, type LogEntryRow, type NamedCandle, STORED } from './published.ts';
import { toMinutes } from './to-minutes.ts';

const WEEK_MS = 7 * DAY_MS;

/** What is known of the log up to `seq`. */
export interface LogState {
  readonly epoch: string;
  readonly seq: number;
  /** Open time of the newest closed candle that was published, by key. */
  readonly newest: ReadonlyMap<string, number>;
  /** What was said last of each candle, by key and open time. */
  readonly said: ReadonlyMap<string, NamedCandle>;
}

/** Returns what the log has said so far; nothing of it is judged. */
export async function readLogState(world: World): Promise<LogState> {
  const [head] = await world.query<{ epoch: string }>('select epoch::text from event_log_head');
  const epoch = head?.epoch ?? '';
  const entries = await findEntries(world, epoch, 0);
  return { epoch, seq: entries.at(-1)?.seq ?? 0, newest: newestOf(new Map(), entries), said: saidOf(new Map(), entries) };
}

/**
 * Checks what was logged since `before`: no hole in `seq`, closed candles of a series in order and each with its candle's values and
 * in its candle's transaction, never other than stored; then that every closed candle of `range` was published. `isStrict`: the exchange
 * never restated one.
 */
export async function checkLog(
  world: World,
  before: LogState,
  range: TimeRange,
  isStrict: boolean,
): Promise<{ readonly after: LogState; readonly found: string[] }> {
  const entries = await findEntries(world, before.epoch, before.seq);
  const [head] = await world.query<{ epoch: string }>('select epoch::text from event_log_head');
  const found: string[] = [];
  if (head?.epoch !== before.epoch) found.push(`the log has another epoch: ${head?.epoch} after ${before.epoch}`);
  const hole = entries.find((entry, index) => entry.seq !== before.seq + index + 1);
  if (hole) found.push(`the log has a hole before ${hole.seq}`);
  found.push(...orderFaults(before.newest, entries), ...(await truthFaults(world, entries, isStrict)));
  const after = {
    epoch: before.epoch,
    seq: before.seq + entries.length,
    newest: newestOf(before.newest, entries),
    said: saidOf(before.said, entries),
  };
  for (const interval of STORED) found.push(...(await contentFaults(world, interval, range, entries, after.said)));
  return { after, found };
}

function orderFaults(before: ReadonlyMap<string, number>, entries: readonly LogEntryRow[]): string[] {
  const newest = new Map(before);
  return entries.flatMap((entry) => {
    if (entry.topic !== 'candle.closed' || !entry.candle) return [];
    const { key, openTime } = entry.candle;
    const isBehind = openTime <= (newest.get(key) ?? 0);
    newest.set(key, openTime);
    return isBehind ? [`published out of order: ${nameOf(entry)}`] : [];
  });
}

/** Minutes that were published and are not what the exchange says of them. */
async function truthFaults(world: World, entries: readonly LogEntryRow[], isStrict: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const symbol of world.symbols) {
    const own = entries.filter(({ candle }) => candle?.key.endsWith(`:${symbol}@1m`));
    const times = own.map(({ candle }) => candle?.openTime ?? 0);
    if (times.length === 0) continue;
    const range = { from: Math.min(...times) as EpochMs, to: (Math.max(...times) + 60_000) as EpochMs };
    const truth = new Map(
      toMinutes(await world.sim.truth(symbol, '1m', range)).map((candle): [number, CandleValues] => [candle.openTime, candle]),
    );
    for (const entry of own) {
      const { candle } = entry;
      const real = candle && truth.get(candle.openTime);
      if (!candle) continue;
      if (!real) found.push(`published although the exchange has closed no such candle: ${nameOf(entry)}`);
      else if (isStrict && candle.revision > 0) found.push(`corrected although the exchange restated nothing: ${nameOf(entry)}`);
      else if (isStrict && differingFields(candle, real).length > 0) {
        found.push(`published with other values than the exchange's: ${nameOf(entry)}: ${JSON.stringify(differingFields(candle, real))}`);
      }
    }
  }
  return found;
}

/** What was said last of a candle is what is stored of it, and what is stored and closed was said. */
async function contentFaults(
  world: World,
  interval: string,
  range: TimeRange,
  entries: readonly LogEntryRow[],
  said: ReadonlyMap<string, NamedCandle>,
): Promise<string[]> {
  const own = entries.flatMap(({ candle }) => (candle?.key.endsWith(`@${interval}`) ? [candle] : []));
  const times = own.map(({ openTime }) => openTime);
  const from = Math.min(range.from - (interval === '1m' ? 0 : WEEK_MS), ...times) as EpochMs;
  const stored = await findRelation(world, interval, { from, to: Math.max(range.to, ...times.map((time) => time + 1)) as EpochMs });
  const found: string[] = [];
  const byName = new Map(stored.map((row) => [`${row.key} ${row.openTime}`, row]));
  for (const name of new Set(own.map(({ key, openTime }) => `${key} ${openTime}`))) {
    const last = said.get(name);
    const row = byName.get(name);
    if (!last) continue;
    if (!row) found.push(`published and not stored: ${name}`);
    else if (differingFields(last, row).length > 0)
      found.push(`said last and stored differ: ${name}: ${JSON.stringify(differingFields(last, row))}`);
    // Trade ids that arrive later rewrite the row without a word.
    else if (interval === '1m' && row.revision === 0 && last.firstTradeId === row.firstTradeId && last.writtenBy !== row.writtenBy) {
      found.push(`published in another transaction than stored: ${name}`);
    }
  }
  const silent = stored.filter(
    ({ key, openTime, closeTime, isLive, isClosed }) =>
      isLive && isClosed && closeTime > range.from && closeTime <= range.to && !said.has(`${key} ${openTime}`),
  );
  return [...found, ...silent.map(({ key, openTime }) => `closed and never published: ${key} ${toIso(openTime)}`)];
}

function newestOf(before: ReadonlyMap<string, number>, entries: readonly LogEntryRow[]): Map<string, number> {
  const newest = new Map(before);
  for (const { topic, candle } of entries) if (candle && topic === 'candle.closed') newest.set(candle.key, candle.openTime);
  return newest;
}

function saidOf(before: ReadonlyMap<string, NamedCandle>, entries: readonly LogEntryRow[]): Map<string, NamedCandle> {
  const said = new Map(before);
  for (const { candle } of entries) if (candle) said.set(`${candle.key} ${candle.openTime}`, candle);
  return said;
}

function nameOf({ seq, topic, candle }: LogEntryRow): string {
  return `${candle?.key} ${candle ? toIso(floorToInterval(candle.openTime, '1m')) : ''} (${topic}, ${seq})`;
}
