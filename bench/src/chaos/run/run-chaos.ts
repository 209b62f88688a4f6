import { setTimeout as delay } from 'node:timers/promises';
import { type CandlecastClient, type ClientOptions, createClient } from '@candlecast/client';
import { toStreamCursor } from '@candlecast/domain';
import { untilRecovered } from '../../faults/run/recovery.ts';
import { checkRange, openProgress, type Progress } from '../../faults/run/run-seed.ts';
import { until } from '../../faults/shots/shot.ts';
import type { World } from '../../faults/world/world.ts';
import { type Comparison, checkRun } from '../checks/check-run.ts';
import { type ChaosClient, openChaosClient } from '../clients/chaos-client.ts';
import { createTelling } from '../clients/told.ts';
import { CUT_KINDS, type Cut, type CutKind, isAsMeant } from '../cuts/cut.ts';
import { cutMany } from '../cuts/great-cuts.ts';
import { cutClient, leaveHalfOpen } from '../cuts/single-cuts.ts';
import { beSlowUntilCut, planSlowStreams } from '../cuts/slow-reader.ts';
import { countCuts, type Field } from './field.ts';
import { type Gateways, startGateways } from './gateways.ts';
import { type Market, startMarket } from './market.ts';
import { type ChaosPlan, type ClientPlan, type GreatPlan, planChaos } from './plan.ts';

/** How a run is made. */
export interface ChaosOptions {
  readonly seed: number;
  /** Sockets to cut. */
  readonly cuts: number;
  /** Leaves out what takes long: half-open links, slow readers, and what hits many at once. */
  readonly isShort?: boolean;
  /** The program of the gateway; the built app by default. */
  readonly gateway?: string;
  readonly createClient?: (options: ClientOptions) => CandlecastClient;
}

/** What became of a run. */
export interface ChaosResult extends Comparison {
  readonly seed: number;
  readonly cuts: readonly Cut[];
  readonly unasked: readonly string[];
  readonly restarts: number;
  readonly clients: number;
  /** 1m candles of the log and the store that were compared with the truth. */
  readonly candles: number;
  readonly wallMs: number;
  /** What went over each client's wires. */
  readonly notes: Readonly<Record<string, readonly string[]>>;
  /** The end of each gateway's log. */
  readonly gatewayLogs: readonly (readonly string[])[];
}

const RUN_CAP_MS = 3_600_000;
const RECOVERY_CAP_MS = 90_000;
const RESTATEMENT_CAP_MS = 30_000;
/** To come to the end of a log that stands still. */
const REACH_CAP_MS = 60_000;
const SHORT_REACH_CAP_MS = 15_000;
const CUTS_A_SLOW_READER = 1_000;
const HALF_OPEN_CLIENTS = 3;
const SHORT_KINDS: readonly CutKind[] = ['FIN', 'RST', 'inside a frame', 'again while it catches up'];

/** Cuts clients' sockets in a world until there are enough, then compares what everybody was given. */
export async function runChaos(world: World, options: ChaosOptions): Promise<ChaosResult> {
  const startedAt = performance.now();
  const progress = await openProgress(world);
  // Without it a bare symbol means nothing to a gateway; it may come a little later than the first candles.
  await until(async () => (await world.query('select from venue_clock')).length > 0, 'the venue has a clock');
  const gateways = await startGateways(world.databaseUrl, options.gateway);
  const clients: ChaosClient[] = [];
  try {
    return await cutAndCompare(world, gateways, clients, progress, options, startedAt);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await gateways.stop();
  }
}

async function cutAndCompare(
  world: World,
  gateways: Gateways,
  clients: ChaosClient[],
  progress: Progress,
  options: ChaosOptions,
  startedAt: number,
): Promise<ChaosResult> {
  const { seed, cuts: wanted, isShort = false } = options;
  const plan = planChaos(seed, wanted, world.symbols);
  const telling = createTelling();
  const { epoch, seq } = progress.log;
  const start = { epoch, seq, cursor: toStreamCursor({ epoch, seq }) };
  const shared = { ports: gateways.ports, createClient: options.createClient ?? createClient, telling, startCursor: start.cursor };
  for (const [index, own] of plan.clients.entries()) {
    const isSlow = index === 0 && !isShort;
    clients.push(await openChaosClient({ ...shared, plan: isSlow ? { ...own, streams: planSlowStreams(world.symbols) } : own }));
  }
  const field: Field = { world, gateways, clients, wanted, found: [] };
  await Promise.all(clients.map(({ untilLive }) => untilLive(0)));
  const market = await startMarket(world);
  await cutAll(field, market, plan, isShort);
  await market.stop().catch(note(field, 'the market'));

  const truth = await checkTruth(world, progress);
  const comparison = await checkRun(field, telling, start, isShort ? SHORT_REACH_CAP_MS : REACH_CAP_MS);
  return {
    ...comparison,
    seed,
    cuts: clients.flatMap((client) => client.cuts),
    unasked: clients.flatMap(({ unasked }) => unasked),
    restarts: clients.reduce((sum, { restarts }) => sum + restarts, 0),
    clients: clients.length,
    candles: truth.compared,
    wallMs: performance.now() - startedAt,
    notes: Object.fromEntries(clients.map(({ name, notes }) => [name, notes])),
    gatewayLogs: gateways.all.map((gateway) => gateway.logTail(300)),
    found: [...field.found, ...findSilence(field, comparison, isShort), ...truth.found, ...comparison.found],
  };
}

/** Everything that happens to clients, until there are enough cuts and each act is over. */
async function cutAll(field: Field, market: Market, { clients: plans, great }: ChaosPlan, isShort: boolean): Promise<void> {
  const { clients, wanted, found } = field;
  const isDone = () => countCuts(field) >= wanted || found.length > 0;
  const open = () => [openSlowly(field, market), ...clients.slice(1, 1 + HALF_OPEN_CLIENTS).map((client) => hold(client, leaveHalfOpen))];
  const opening = isShort ? [] : open();
  await Promise.all([
    ...opening.map((act) => act.catch(note(field, 'an act of its own'))),
    goThrough(field, isShort ? [] : great).catch(note(field, 'many at once')),
    ...clients.map((client, index) => cutOnAndOn(client, plans[index]?.cuts, isDone).catch(note(field, client.name))),
  ]);
}

/** What must have happened and did not, and who ended though nobody had ended it. */
function findSilence({ clients, gateways, world }: Field, { corrections, gaps }: Comparison, isShort: boolean): string[] {
  const cuts = clients.flatMap((client) => client.cuts);
  const unfired = (isShort ? SHORT_KINDS : CUT_KINDS).filter((kind) => !cuts.some((cut) => cut.kind === kind && isAsMeant(cut)));
  return [
    ...unfired.map((kind) => `${kind}: hit nothing`),
    ...(corrections === 0 ? ['corrections: none came'] : []),
    ...(gaps === 0 ? ['gaps: none came'] : []),
    ...gateways.all.flatMap(({ unexpectedEnds }) => unexpectedEnds.map((end) => `a gateway ended by itself: ${end}`)),
    ...world.ingest.unexpectedEnds.map((end) => `ingest ended by itself: ${end}`),
  ];
}

function note({ found }: Field, what: string): (cause: unknown) => void {
  return (cause) => void found.push(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`);
}

/** The slow reader's acts, one after the other; it is a client like all others in between. */
async function openSlowly(field: Field, market: Market): Promise<void> {
  const [client] = field.clients;
  for (let act = 0; client && act < Math.ceil(field.wanted / CUTS_A_SLOW_READER); act += 1) {
    await hold(client, () => beSlowUntilCut(field, market, client));
    await client.untilLive(client.line.connections - 1);
  }
}

/** Keeps others from striking a client, and its connection where it is, during an act of its own. */
async function hold(client: ChaosClient, act: (client: ChaosClient) => Promise<void>): Promise<void> {
  client.isHeld = true;
  try {
    await act(client);
  } finally {
    client.isHeld = false;
  }
}

async function goThrough(field: Field, plans: readonly GreatPlan[]): Promise<void> {
  for (const plan of plans) {
    const due = Math.round(plan.share * field.wanted);
    await until(() => countCuts(field) >= due || field.found.length > 0, `${due} cuts`, RUN_CAP_MS);
    if (field.found.length > 0) return;
    await cutMany(field, plan);
  }
}

async function cutOnAndOn(client: ChaosClient, cuts: ClientPlan['cuts'] | undefined, isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    const cut = cuts?.next().value;
    if (!cut) return;
    await delay(cut.pauseMs);
    if (client.isHeld || isDone()) continue;
    const before = client.line.connections;
    await cutClient(client, cut);
    if (cut.isRestart && !client.isHeld) await client.restart();
    if (!cut.isHasty && client.line.connections > before) await client.untilLive(before);
  }
}

/** Compares store and log with the exchange's truth once everything has recovered. Restated candles may take a while to be corrected. */
async function checkTruth(world: World, progress: Progress): Promise<{ readonly found: readonly string[]; readonly compared: number }> {
  const { completeTo, found } = await untilRecovered(world, RECOVERY_CAP_MS);
  if (found.length > 0) return { found, compared: 0 };
  const range = { from: progress.checkedTo, to: completeTo };
  const deadline = performance.now() + RESTATEMENT_CAP_MS;
  for (;;) {
    const checked = await checkRange(world, progress.log, range, false);
    if (checked.found.length === 0 || performance.now() > deadline) return checked;
    await delay(200);
  }
}
