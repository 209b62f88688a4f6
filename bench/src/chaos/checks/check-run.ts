import { type CandlecastClient, type ClientOptions, createClient } from '@candlecast/client';
import { until } from '../../faults/shots/shot.ts';
import { type ChaosClient, openChaosClient } from '../clients/chaos-client.ts';
import type { StreamRecord } from '../clients/stream-record.ts';
import type { Telling } from '../clients/told.ts';
import type { Field } from '../run/field.ts';
import { compareShown } from './compare-shown.ts';
import { compareStream, compareTold } from './compare-streams.ts';
import { type DurableRow, findDurableRows } from './durable-rows.ts';
import { holdStill } from './hold-still.ts';

/** What a run amounts to. */
export interface Comparison {
  readonly found: readonly string[];
  /** Durable events that subscribers were given, each time counted. */
  readonly events: number;
  /** Different ones, and how many of them both gateways have told. */
  readonly told: number;
  readonly toldByBoth: number;
  readonly corrections: number;
  readonly gaps: number;
  /** Times that a stream said that it had caught up after a loss, and newest values of open candles that came. */
  readonly recoveries: number;
  readonly updates: number;
}

const SHOWN_FAULTS = 3;

/**
 * Has the log stand still, waits until everybody has reached its end, and compares what each subscriber was given with the log, what it
 * shows with the store, and what two newcomers read from the start, one at each gateway.
 */
export async function checkRun(
  field: Field,
  telling: Telling,
  start: { readonly epoch: string; readonly seq: number; readonly cursor: string },
  reachCapMs: number,
): Promise<Comparison> {
  const { world, clients } = field;
  const goOn = await holdStill(world);
  const witnesses: ChaosClient[] = [];
  try {
    const rows = await findDurableRows(world, start.epoch, start.seq);
    for (const gateway of field.gateways.ports.keys()) witnesses.push(await openWitness(field, telling, start.cursor, gateway));
    const streams = [...clients, ...witnesses].flatMap(({ name, streams: own }) => own.map((record) => ({ name, record })));
    const late = await Promise.all(streams.map(({ name, record }) => untilReached(name, record, rows, reachCapMs)));
    const byPlace = new Map(rows.map((row) => [row.seq, row]));
    const told = [...telling.all()];
    const shown = await Promise.all(streams.map(({ name, record }) => compareShown(world, name, record)));
    return {
      found: [
        ...late.flat(),
        ...[...clients, ...witnesses].flatMap(({ name, faults }) => faults.slice(0, SHOWN_FAULTS).map((fault) => `${name}: ${fault}`)),
        ...streams.flatMap(({ name, record }) => compareStream(name, record, rows)),
        ...told.flatMap((one) => compareTold(one, byPlace)),
        ...shown.flat(),
      ],
      events: streams.reduce((sum, { record }) => sum + record.seqs.length, 0),
      recoveries: streams.reduce((sum, { record }) => sum + record.recoveries, 0),
      updates: streams.reduce((sum, { record }) => sum + record.updates, 0),
      told: told.length,
      toldByBoth: told.filter(({ gateways }) => gateways.size > 1).length,
      corrections: told.filter(({ event }) => event.kind === 'correction').length,
      gaps: told.filter(({ event }) => event.kind === 'gap').length,
    };
  } finally {
    await Promise.all(witnesses.map((witness) => witness.close()));
    await goOn();
  }
}

/** A newcomer that reads everything since the start from one gateway. */
function openWitness({ world, clients, gateways }: Field, telling: Telling, startCursor: string, gateway: number): Promise<ChaosClient> {
  const intervals = [...new Set(clients.flatMap(({ streams }) => streams.map(({ plan }) => plan.interval)))];
  const plan = { symbols: world.symbols, closedOnly: true, snapshot: 0, isFromCursor: true, throttleMs: 0 };
  return openChaosClient({
    plan: {
      name: `newcomer at gateway ${gateway}`,
      streams: intervals.map((interval) => ({ ...plan, interval })),
      gateways: repeat(gateway),
    },
    ports: gateways.ports,
    createClient: createClient as (options: ClientOptions) => CandlecastClient,
    telling,
    startCursor,
  });
}

async function untilReached(name: string, record: StreamRecord, rows: readonly DurableRow[], capMs: number): Promise<string[]> {
  const isThere = () => {
    const { base = Number.MAX_SAFE_INTEGER, seqs } = record;
    const last = rows.findLast(({ seq, key }) => seq > base && isFor(record, key));
    return base < Number.MAX_SAFE_INTEGER && (last === undefined || (seqs.at(-1) ?? 0) >= last.seq);
  };
  return until(isThere, 'the end of the log', capMs).then(
    () => [],
    () => [`${name} (${record.plan.interval}): did not reach the end of the log`],
  );
}

function isFor({ plan }: StreamRecord, key: string): boolean {
  return plan.symbols.some((symbol) => key.endsWith(`:${symbol}`) || key.endsWith(`:${symbol}@${plan.interval}`));
}

function* repeat(value: number): Generator<number, never> {
  for (;;) yield value;
}
