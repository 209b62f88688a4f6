import { differingFields } from '../../faults/checks/published.ts';
import { idOf } from '../../faults/world/world.ts';
import type { StreamRecord } from '../clients/stream-record.ts';
import type { DurableEvent, Told } from '../clients/told.ts';
import type { DurableRow } from './durable-rows.ts';

const KIND_OF = {
  'candle.closed': 'closed',
  'candle.corrected': 'correction',
  'gap.recorded': 'gap',
  'gap.resolved': 'gap',
} as const satisfies Record<DurableRow['topic'], DurableEvent['kind']>;

/** Compares what a subscriber was given with the log, from its first place to the end. Returns what is wrong. */
export function compareStream(name: string, record: StreamRecord, rows: readonly DurableRow[]): string[] {
  const { base, seqs, plan } = record;
  if (base === undefined) return [`${name}: was never live`];
  const keys = new Set(plan.symbols.flatMap((symbol) => [idOf(symbol), `${idOf(symbol)}@${plan.interval}`]));
  const wanted = rows.filter(({ seq, key }) => seq > base && keys.has(key));
  const given = new Set(seqs);
  const missing = wanted.filter(({ seq }) => !given.has(seq));
  const known = new Set(wanted.map(({ seq }) => seq));
  const strange = seqs.filter((seq) => !known.has(seq));
  return [
    ...record.faults,
    ...describe('never came', missing),
    ...(strange.length > 0 ? [`${strange.length} events came that are not the log's, first at ${strange[0]}`] : []),
    ...(seqs.length !== given.size ? [`${seqs.length - given.size} events came twice`] : []),
  ].map((fault) => `${name} (${plan.symbols.join(' ')} ${plan.interval}): ${fault}`);
}

/** Compares an event that clients were told with its row in the log, value by value. */
export function compareTold({ seq, interval, event, text }: Told, rows: ReadonlyMap<number, DurableRow>): string[] {
  const row = rows.get(seq);
  if (!row) return [`told and not in the log: ${text}`];
  const isSame =
    KIND_OF[row.topic] === event.kind &&
    event.interval === interval &&
    (event.kind === 'gap' ? isSameGap(event, row) : isSameCandle(event, row));
  return isSame ? [] : [`told otherwise than logged: ${text} and ${JSON.stringify(row)}`];
}

function isSameCandle({ symbol, interval, candle }: Extract<DurableEvent, { kind: 'closed' | 'correction' }>, row: DurableRow): boolean {
  if (row.key !== `${symbol}@${interval}` || !row.candle || !candle.isClosed) return false;
  return Date.parse(candle.openTime) === row.candle.openTime && differingFields(candle as never, row.candle).length === 0;
}

function isSameGap({ symbol, from, to, reason, isResolved }: Extract<DurableEvent, { kind: 'gap' }>, row: DurableRow): boolean {
  if (row.key !== symbol || !row.gap || isResolved !== (row.topic === 'gap.resolved')) return false;
  return Date.parse(from) === row.gap.from && Date.parse(to) === row.gap.to && reason === row.gap.reason;
}

function describe(what: string, rows: readonly DurableRow[]): string[] {
  const [first] = rows;
  return first ? [`${rows.length} events ${what}, first ${first.topic} of ${first.key} at ${first.seq}`] : [];
}
